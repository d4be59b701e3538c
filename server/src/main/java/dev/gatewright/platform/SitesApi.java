package dev.gatewright.platform;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SiteConfig;
import dev.gatewright.net.Cidr;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of the names under which the gate answers. The settings own them: they are looked at only.
final class SitesApi {
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final Consoles consoles;

  SitesApi(Consoles consoles) {
    this.consoles = consoles;
  }

  ApiRoute route() {
    return ApiRoute.get("/api/platform/sites", Access.platform(), this::list)
        .query("limit", "cursor");
  }

  /// The schema `PlatformSite`.
  record View(
      String host,
      @Nullable String name,
      String publicUrl,
      @Nullable List<String> origins,
      List<String> allow,
      List<String> deny,
      String limitsClass,
      boolean apiOnly,
      @Nullable String color,
      boolean logo,
      String source) {
    static View of(SiteConfig site) {
      return new View(
          site.host(),
          site.name(),
          site.publicUrl(),
          site.origins() == null ? null : site.origins().origins(),
          site.allow().stream().map(Cidr::toString).toList(),
          site.deny().stream().map(Cidr::toString).toList(),
          site.limitsClass(),
          site.apiOnly(),
          site.brand().color(),
          site.brand().logo() != null,
          "file");
    }
  }

  /// GET /api/platform/sites?limit=&cursor=
  private Answer list(ApiCall call) {
    Paging paging = call.paging("platform", PAGE_ROWS, PAGE_ROWS_MAX);
    Part<SiteConfig> part = Part.of(consoles.sites(), SiteConfig::host, paging);
    return paging.answer(part.rows().stream().map(View::of).toList(), part.place());
  }
}
