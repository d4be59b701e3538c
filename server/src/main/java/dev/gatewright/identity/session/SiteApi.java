package dev.gatewright.identity.session;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SiteBrand;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import org.jspecify.annotations.Nullable;

/// REST of what a site calls itself, for pages that nobody has signed in to yet.
public final class SiteApi {
  /// Where the console's own files are; answered at the edge, by the site the request came to.
  private static final String LOGO = "/console/site-logo";

  private final Consoles consoles;

  public SiteApi(Consoles consoles) {
    this.consoles = consoles;
  }

  public ApiRoute route() {
    return ApiRoute.get("/api/auth/site", Access.everybody(), this::show);
  }

  /// @param color `#rrggbb`; null = the console's own
  /// @param logo path of a picture; null = none
  record View(String name, @Nullable String color, @Nullable String logo) {}

  /// GET /api/auth/site
  private Answer show(ApiCall call) {
    String host = call.origin().host();
    SiteBrand brand = consoles.brand(host);
    return Answer.ok(
        new View(consoles.name(host), brand.color(), brand.logo() == null ? null : LOGO));
  }
}
