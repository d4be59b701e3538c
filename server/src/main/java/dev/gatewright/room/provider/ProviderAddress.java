package dev.gatewright.room.provider;

import dev.gatewright.relay.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a provider's interface stands: an origin and the path everything is below. Immutable.
///
/// @param path empty, or `/…` without a slash at its end
public record ProviderAddress(Origin origin, String path) {
  private static final int CHARACTERS_MAX = 500;

  /// Reads `http`, `https`, `ws` and `wss` addresses; null when `text` is none, or holds what an
  /// interface's address has no use for: user names, a query, a fragment.
  public static @Nullable ProviderAddress parse(String text) {
    if (text.length() > CHARACTERS_MAX) {
      return null;
    }
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException _) {
      return null;
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https") || scheme.equals("wss");
    if ((!tls && !scheme.equals("http") && !scheme.equals("ws"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() == 0
        || uri.getPort() > 65_535) {
      return null;
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (path.contains("//") || path.contains("/.") || path.contains("%")) {
      return null;
    }
    int port = uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort();
    return new ProviderAddress(
        new Origin(tls, host, port),
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  /// The target of a call below this address.
  public String target(String below) {
    return path + below;
  }

  /// As callers see it over HTTP.
  public String toHttp() {
    return origin + path;
  }

  /// As callers see it over WebSocket.
  public String toWebSocket() {
    return (origin.tls() ? "wss://" : "ws://") + origin.authority() + path;
  }

  /// A path segment, every byte that is not unreserved percent-encoded.
  public static String segment(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 8);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_') {
        encoded.append(c);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}
