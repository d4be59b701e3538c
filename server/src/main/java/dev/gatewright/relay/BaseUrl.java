package dev.gatewright.relay;

import dev.gatewright.config.Settings.InvalidSetting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/// The address of a provider or of a service's instance as the configuration writes it, taken
/// apart.
///
/// @param path empty or begins with a slash, ends with none
public record BaseUrl(Origin origin, String path) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*");

  /// @param setting the path of the setting, for the message
  /// @throws InvalidSetting when it is anything else
  public static BaseUrl parse(String setting, String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme();
      boolean tls = scheme.equals("https");
      String host = uri.getHost();
      if ((!tls && !scheme.equals("http")) || host == null || host.isEmpty()) {
        throw invalid(setting, text);
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
        throw invalid(setting, text);
      }
      String path = uri.getRawPath().replaceAll("/+$", "");
      if (!PATH.matcher(path).matches() || path.contains("/../") || path.endsWith("/..")) {
        throw invalid(setting, text);
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
      return new BaseUrl(new Origin(tls, bare, port), path);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw invalid(setting, text);
    }
  }

  private static InvalidSetting invalid(String setting, String text) {
    return new InvalidSetting(
        "%s: %s (expected: http(s)://host[:port]/path without query, such as"
                .formatted(setting, text)
            + " http://127.0.0.1:9001/v1)");
  }
}
