package dev.gatewright.edge;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whose pages may call the gate from a browser: the setting `cors.origins`.
///
/// @param origins as browsers write them: scheme, host in lower case, port unless it is the
///   scheme's
public record CorsConfig(List<String> origins) {
  public static final CorsConfig NONE = new CorsConfig(List.of());

  /// For errors.
  public static final String EXPECTED =
      "scheme, host and port such as https://app.example, no path";

  private static final int ORIGINS_MAX = 100;
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([a-z0-9.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?");

  public CorsConfig {
    origins = List.copyOf(origins);
  }

  /// @param root the whole configuration
  /// @throws InvalidSetting when it does not fit
  public static CorsConfig from(Settings root) {
    return of("cors.origins", root.section("cors").texts("origins"));
  }

  /// @param path of the setting
  /// @throws InvalidSetting when one of them is no origin
  public static CorsConfig of(String path, List<String> texts) {
    if (texts.size() > ORIGINS_MAX) {
      throw new InvalidSetting(
          "%s: %d of them (expected: ≤ %d)".formatted(path, texts.size(), ORIGINS_MAX));
    }
    return new CorsConfig(texts.stream().map(text -> origin(path, text)).distinct().toList());
  }

  private static String origin(String path, String text) {
    String origin = normal(text);
    if (origin == null) {
      throw new InvalidSetting(
          "%s: %s (expected: %s)".formatted(path, Refusal.shown(text), EXPECTED));
    }
    return origin;
  }

  /// An origin as browsers write it; null when it is none. Neither `*` nor `null` is one: who may
  /// call is written down, page by page.
  public static @Nullable String normal(String text) {
    Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    String port = matcher.group(3);
    boolean usual = port == null || port.equals(matcher.group(1).equals("https") ? ":443" : ":80");
    return matcher.group(1) + "://" + matcher.group(2) + (usual ? "" : port);
  }
}
