package dev.gatewright.edge;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whose pages may call the gate from a browser: the setting `cors.origins`.
///
/// @param origins as browsers write them: scheme, host in lower case, port unless it is the
///   scheme's
public record CorsConfig(List<String> origins) {
  public static final CorsConfig NONE = new CorsConfig(List.of());

  private static final int ORIGINS_MAX = 100;
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([a-z0-9.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?");

  public CorsConfig {
    origins = List.copyOf(origins);
  }

  /// @param root the whole configuration
  /// @throws InvalidSetting when it does not fit
  public static CorsConfig from(Settings root) {
    List<String> texts = root.section("cors").texts("origins");
    if (texts.size() > ORIGINS_MAX) {
      throw new InvalidSetting(
          "cors.origins: %d of them (expected: ≤ %d)".formatted(texts.size(), ORIGINS_MAX));
    }
    return new CorsConfig(texts.stream().map(CorsConfig::origin).distinct().toList());
  }

  /// Neither `*` nor `null`: who may call is written down, page by page.
  private static String origin(String text) {
    Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new InvalidSetting(
          "cors.origins: %s (expected: scheme, host and port such as https://app.example, no path)"
              .formatted(Refusal.shown(text)));
    }
    String port = matcher.group(3);
    boolean usual = port == null || port.equals(matcher.group(1).equals("https") ? ":443" : ":80");
    return matcher.group(1) + "://" + matcher.group(2) + (usual ? "" : port);
  }
}
