package dev.gatewright.key;

import dev.gatewright.config.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `keys: { watch: FILE }`.
///
/// @param watch a json-map of another gate to serve from; null = none
public record KeysConfig(@Nullable Path watch) {
  public static KeysConfig from(Settings settings) {
    String watch = settings.section("keys").textOrNull("watch");
    return new KeysConfig(watch == null ? null : Path.of(watch).toAbsolutePath());
  }
}
