package dev.gatewright.llm;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.relay.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/// A provider's `base-url`, taken apart.
///
/// @param path empty or begins with a slash, ends with none
record BaseUrl(Origin origin, String path) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*");

  static BaseUrl parse(Settings entry, String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme();
      boolean tls = scheme.equals("https");
      String host = uri.getHost();
      if ((!tls && !scheme.equals("http")) || host == null || host.isEmpty()) {
        throw invalid(entry, text);
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
        throw invalid(entry, text);
      }
      String path = uri.getRawPath().replaceAll("/+$", "");
      if (!PATH.matcher(path).matches() || path.contains("/../") || path.endsWith("/..")) {
        throw invalid(entry, text);
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
      return new BaseUrl(new Origin(tls, bare, port), path);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw invalid(entry, text);
    }
  }

  private static InvalidSetting invalid(Settings entry, String text) {
    return new InvalidSetting(
        "%s.base-url: %s (expected: http(s)://host[:port]/path without query, such as"
                .formatted(entry.path(), text)
            + " http://127.0.0.1:9001/v1)");
  }
}
