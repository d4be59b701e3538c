package dev.gatewright.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where this installation keeps its files: `--data`, `GATEWRIGHT_DATA`, the file's `data`, else
/// `~/.gatewright`. The folder is made (mode 0700) by the store that locks it.
public final class DataLocation {
  private DataLocation() {}

  public static Path of(Settings settings) {
    return of(settings.textOrNull("data"), Map.of());
  }

  /// The folder as far as flag and environment say, for finding a file in it.
  public static Path of(@Nullable String named, Map<String, String> environment) {
    String text = named == null ? environment.getOrDefault("GATEWRIGHT_DATA", "") : named;
    Path folder =
        text.isEmpty() ? Path.of(System.getProperty("user.home"), ".gatewright") : Path.of(text);
    return folder.toAbsolutePath().normalize();
  }
}
