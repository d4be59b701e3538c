package dev.gatewright.edge.site;

import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which site a request came to, and whether it may come there. With `sites` set a name that is
/// none of them is nobody's: a page of that name's owner could be what sends the request (DNS
/// rebinding), so it ends before anything looks at it. Thread-safe; may change while calls run.
public final class SiteDoor {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private volatile Map<String, SiteConfig> sites;

  public SiteDoor(SitesConfig config) {
    sites = Map.copyOf(config.byHost());
  }

  public void configure(SitesConfig config) {
    sites = Map.copyOf(config.byHost());
  }

  /// Whether a host is one of the sites.
  public boolean lists(String host) {
    return sites.containsKey(name(host));
  }

  /// Why a request may not come to where it came; null when it may.
  public @Nullable Refusal refusal(RequestHead head) {
    if (sites.isEmpty()) {
      return null;
    }
    SiteConfig site = head.site();
    if (site == null) {
      return nearby(head, name(head.host())) ? null : unknown(head.host());
    }
    if (!site.admits(head.client())) {
      return Refusal.denied(
          "address: %s may not come to %s".formatted(head.client().getHostAddress(), site.host()),
          "Whoever runs this gate decides it, by sites[].ip in its settings.");
    }
    return site.apiOnly() && forPeople(head.path())
        ? Refusal.notFound("There is nothing at this path.")
        : null;
  }

  /// The site of a host, with or without its port; null = it is none's.
  public @Nullable SiteConfig of(String host) {
    Map<String, SiteConfig> now = sites;
    return now.isEmpty() ? null : now.get(name(host));
  }

  /// Origins of all sites.
  public Set<String> allOrigins() {
    Set<String> all = new HashSet<>();
    for (SiteConfig site : sites.values()) {
      if (site.origins() != null) {
        all.addAll(site.origins().origins());
      }
    }
    return all;
  }

  /// This machine's own people and command line; and the proxy in front, which asks under a name of
  /// its own. From elsewhere a local name is no way around a site's addresses.
  private static boolean nearby(RequestHead head, String name) {
    return (LOCAL.contains(name) && head.client().isLoopbackAddress())
        || (head.believesFront() && head.path().startsWith("/auth/"));
  }

  private static boolean forPeople(String path) {
    return below(path, "/console") || below(path, "/api/auth");
  }

  private static boolean below(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  /// The host in lower case without its port.
  static String name(String host) {
    int colon = host.lastIndexOf(':');
    String bare = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return bare.toLowerCase(Locale.ROOT);
  }

  private static Refusal unknown(String host) {
    return Refusal.of(
        421,
        "invalid_request_error",
        "unknown_host",
        "host: %s (expected: the name of one of this gate's sites)".formatted(Refusal.shown(host)));
  }
}
