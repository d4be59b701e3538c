package dev.gatewright.identity.session;

import dev.gatewright.net.Cidr;
import dev.gatewright.rest.ApiCall;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Under which names cookies count: those of `public-url` and `sites`, and this machine's own.
/// Under any other name a page of that name's owner could be what sends them (DNS rebinding).
/// Thread-safe.
public final class Sites {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  /// Where nobody listens on the way but who is at home there.
  private static final List<Cidr> NEAR =
      List.of(
          Cidr.parse("127.0.0.0/8"),
          Cidr.parse("::1"),
          Cidr.parse("10.0.0.0/8"),
          Cidr.parse("172.16.0.0/12"),
          Cidr.parse("192.168.0.0/16"),
          Cidr.parse("169.254.0.0/16"),
          Cidr.parse("fc00::/7"),
          Cidr.parse("fe80::/10"));

  private volatile List<PublicUrl> publicUrls;

  /// @param publicUrls the gate's own first, if one is set; then those of `sites`
  public Sites(List<PublicUrl> publicUrls) {
    this.publicUrls = List.copyOf(publicUrls);
  }

  /// Puts edited ones in force.
  public void configure(List<PublicUrl> edited) {
    publicUrls = List.copyOf(edited);
  }

  /// The site a request came to; null = a name of nobody we know.
  @Nullable Site of(ApiCall.Origin origin) {
    String authority = PublicUrl.plain(origin.scheme(), origin.host());
    for (PublicUrl url : publicUrls) {
      if (authority.equals(url.authority())) {
        return new Site(
            url.origin(),
            url.secure() ? Site.SECURE_COOKIE : Site.PLAIN_COOKIE + port(authority, "80"),
            url.secure());
      }
    }
    int colon = authority.lastIndexOf(':');
    boolean port = colon > authority.indexOf(']');
    if (!LOCAL.contains(port ? authority.substring(0, colon) : authority)) {
      return null;
    }
    boolean secure = origin.scheme().equals("https");
    return new Site(
        origin.scheme() + "://" + authority,
        Site.PLAIN_COOKIE + port(authority, secure ? "443" : "80"),
        secure);
  }

  private static String port(String authority, String own) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.indexOf(']') ? authority.substring(colon + 1) : own;
  }

  /// Whether what the browser sends can be read on the way by strangers.
  static boolean exposed(ApiCall.Origin origin) {
    return !origin.scheme().equals("https") && !near(origin.client());
  }

  private static boolean near(InetAddress client) {
    return Cidr.anyContains(NEAR, client);
  }

  /// The names that count, for who came by another.
  String names() {
    return publicUrls.isEmpty()
        ? "localhost, 127.0.0.1 or [::1]; set public-url for another"
        : publicUrls.getFirst().authority() + ", localhost, 127.0.0.1 or [::1]";
  }
}
