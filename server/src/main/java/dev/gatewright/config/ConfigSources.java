package dev.gatewright.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a configuration comes from: flags, an environment and one file, or a text in the file's
/// place. Immutable; [#load()] may be called again to read an edited file.
///
/// @param flags by dotted path, such as `listen.port`; above everything else
/// @param file null when there is none; then `text` or nothing
/// @param text what a file would hold
public record ConfigSources(
    Map<String, String> flags,
    Map<String, String> environment,
    @Nullable Path file,
    @Nullable String text,
    KnownKeys known) {
  private static final int FILE_BYTES_MAX = 4 << 20;

  public ConfigSources {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /// Of a text alone, as tests do.
  public static ConfigSources ofText(String yaml) {
    return ofText(yaml, Map.of());
  }

  /// The same in an environment.
  public static ConfigSources ofText(String yaml, Map<String, String> environment) {
    return new ConfigSources(Map.of(), environment, null, yaml, new KnownKeys());
  }

  /// Finds the file: `--config`, `GATEWRIGHT_CONFIG`, `./gatewright.yaml`, `DATA/gatewright.yaml`.
  /// A file that is named must exist.
  ///
  /// @param flags by dotted path; `config` and `data` among them where given
  public static ConfigSources find(Map<String, String> flags, Map<String, String> environment) {
    String named = flags.getOrDefault("config", environment.getOrDefault("GATEWRIGHT_CONFIG", ""));
    Map<String, String> above = new HashMap<>(flags);
    above.remove("config");
    Path file = named.isEmpty() ? discovered(flags, environment) : Path.of(named);
    if (file != null && !Files.isReadable(file)) {
      throw new Settings.InvalidSetting(
          "configuration file: %s (expected: a file that can be read)".formatted(file));
    }
    return new ConfigSources(above, environment, file, null, new KnownKeys());
  }

  /// The same with one more flag.
  public ConfigSources withFlag(String path, String value) {
    Map<String, String> more = new HashMap<>(flags);
    more.put(path, value);
    return new ConfigSources(more, environment, file, text, known);
  }

  /// Reads and parses; throws [Settings.InvalidSetting] when there is nothing sensible to read.
  public Settings load() {
    String name = file == null ? "gatewright.yaml" : file.toString();
    return SettingsFile.parse(name, content(), new Overrides(flags, environment), known);
  }

  /// What a command needs that reads a part only: references to variables that only the server's
  /// environment holds do not matter here.
  public Settings loadUnchecked() {
    return SettingsFile.parseUnchecked(
        "gatewright.yaml", content(), new Overrides(flags, environment));
  }

  /// The data folder alone.
  public Path dataFolder() {
    return DataLocation.of(loadUnchecked());
  }

  /// The file's text as it is now; empty where there is no file.
  String content() {
    if (file == null) {
      return text == null ? "" : text;
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new Settings.InvalidSetting("%s: (expected: at most 4MiB)".formatted(file));
      }
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new Settings.InvalidSetting(
          "%s: cannot be read: %s".formatted(file, unreadable.getClass().getSimpleName()));
    }
  }

  private static @Nullable Path discovered(
      Map<String, String> flags, Map<String, String> environment) {
    Path here = Path.of("gatewright.yaml");
    Path inData = DataLocation.of(flags.get("data"), environment).resolve("gatewright.yaml");
    return Files.exists(here) ? here : Files.exists(inData) ? inData : null;
  }
}
