package dev.gatewright.edge.site;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a site's console looks.
///
/// @param color `#rrggbb`; null = ours
/// @param logo null = none
public record SiteBrand(@Nullable String color, @Nullable Logo logo) {
  static final SiteBrand NONE = new SiteBrand(null, null);

  private static final int LOGO_BYTES_MAX = 64 << 10;
  private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}");
  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "webp", "image/webp",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "svg", "image/svg+xml");

  /// A picture, as it lay in its file when the settings were read.
  public static final class Logo {
    private final String type;
    private final byte[] bytes;

    Logo(String type, byte[] bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    public String type() {
      return type;
    }

    /// Not to be changed.
    public byte[] bytes() {
      return bytes;
    }
  }

  static SiteBrand from(Settings brand) {
    String color = brand.textOrNull("color");
    String lower = color == null ? null : color.toLowerCase(Locale.ROOT);
    if (lower != null && !COLOR.matcher(lower).matches()) {
      throw new InvalidSetting(
          "%s.color: %s (expected: six digits such as '#0a7d5c', in quotes)"
              .formatted(brand.path(), Refusal.shown(lower)));
    }
    String logo = brand.textOrNull("logo");
    return new SiteBrand(lower, logo == null ? null : logo(brand.path() + ".logo", logo));
  }

  private static Logo logo(String setting, String file) {
    String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      throw new InvalidSetting(
          "%s: %s (expected: a .png, .webp, .jpg or .svg)".formatted(setting, Refusal.shown(file)));
    }
    try {
      Path path = Path.of(file);
      long size = Files.size(path);
      if (size == 0 || size > LOGO_BYTES_MAX || !Files.isRegularFile(path)) {
        throw new InvalidSetting(
            "%s: %s has %d bytes (expected: a file of 1 to %d)"
                .formatted(setting, Refusal.shown(file), size, LOGO_BYTES_MAX));
      }
      byte[] bytes = Files.readAllBytes(path);
      if (bytes.length > LOGO_BYTES_MAX) {
        throw new InvalidSetting(setting + ": it grows while it is read");
      }
      return new Logo(type, bytes);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new InvalidSetting(
          "%s: %s cannot be read (expected: a file that this process may read)"
              .formatted(setting, Refusal.shown(file)));
    }
  }
}
