package dev.gatewright.identity.session;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.head.HostCheck;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Where people reach the console: the setting `public-url`.
///
/// @param scheme `http` or `https`
/// @param authority host and, unless it is the scheme's own, port; in lower case
public record PublicUrl(String scheme, String authority) {
  /// @throws InvalidSetting when it is none, or has more than scheme, host and port
  public static PublicUrl parse(String text) {
    return parse("public-url", text);
  }

  /// @param setting what the value stands in
  /// @throws InvalidSetting when it is none, or has more than scheme, host and port
  public static PublicUrl parse(String setting, String text) {
    try {
      URI url = new URI(text);
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      String authority = url.getRawAuthority();
      boolean bare =
          (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      boolean known = scheme.equals("http") || scheme.equals("https");
      if (bare && known && authority != null && HostCheck.valid(authority)) {
        return new PublicUrl(scheme, plain(scheme, authority));
      }
    } catch (URISyntaxException notUrl) {
      // Said below.
    }
    throw new InvalidSetting(
        "%s: %s (expected: scheme, host and port, such as https://gate.example.com)"
            .formatted(setting, text));
  }

  /// The authority as a browser writes it.
  static String plain(String scheme, String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    String own = scheme.equals("https") ? ":443" : ":80";
    return lower.endsWith(own) ? lower.substring(0, lower.length() - own.length()) : lower;
  }

  public boolean secure() {
    return scheme.equals("https");
  }

  /// As a browser writes it in `Origin`.
  public String origin() {
    return scheme + "://" + authority;
  }
}
