package dev.gatewright.identity.session;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.Problem;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What stands between a browser's cookies and what they open: the name we were called by, how the
/// request came, which page made it. Pure.
public final class Browsers {
  private static final String FETCH_SITE = "sec-fetch-site";

  private final Sites sites;

  public Browsers(Sites sites) {
    this.sites = sites;
  }

  /// Where a request that is to begin a session came to: one made by a page of ours.
  ///
  /// @throws Problem 403, 421
  public Site ownPage(ApiCall call) {
    Site site = site(call.origin());
    requireOwnPage(site, call.headers());
    return site;
  }

  /// The same for what proves itself otherwise, and may come from no page at all.
  ///
  /// @throws Problem 403, 421
  public Site ownPageOrNone(ApiCall call) {
    Site site = site(call.origin());
    if (!call.headers(FETCH_SITE).isEmpty() || !call.headers("origin").isEmpty()) {
      requireOwnPage(site, call.headers());
    }
    return site;
  }

  /// Where a request came to, whichever page made it.
  ///
  /// @throws Problem 403, 421
  public Site site(ApiCall.Origin origin) {
    Site site = sites.of(origin);
    if (site == null) {
      throw new Problem(foreignHost(origin.host()));
    }
    if (Sites.exposed(origin)) {
      throw new Problem(EXPOSED);
    }
    return site;
  }

  @Nullable Site siteOrNull(ApiCall.Origin origin) {
    return sites.of(origin);
  }

  /// Browsers say since 2023 which site made a request, but not over plain HTTP to another machine;
  /// there they say its origin. One that says neither is no browser.
  ///
  /// @throws Problem 403
  static void requireOwnPage(Site site, Function<String, List<String>> headers) {
    List<String> fetchSite = headers.apply(FETCH_SITE);
    List<String> origin = headers.apply("origin");
    boolean own =
        fetchSite.isEmpty()
            ? origin.equals(List.of(site.origin()))
            : fetchSite.equals(List.of("same-origin"));
    if (!own) {
      throw new Problem(
          Refusal.of(
                  403,
                  "permission_error",
                  "cross_site",
                  "The request was not made by a page of this gate (expected: sec-fetch-site:"
                      + " same-origin, or the origin "
                      + site.origin()
                      + ").")
              .helped("Programs send an API key in place of a session's cookie."));
    }
  }

  static final Refusal EXPOSED =
      Refusal.of(
              403,
              "permission_error",
              "insecure_transport",
              "Sessions need TLS from another network (expected: https, as the gate's front proxy says"
                  + " it).")
          .helped("Open the gate by its https address; public-url in its settings says which.");

  Refusal foreignHost(String host) {
    return Refusal.of(
        421,
        "invalid_request_error",
        "unknown_host",
        "host: %s (expected for sessions: %s)".formatted(Refusal.shown(host), sites.names()));
  }
}
