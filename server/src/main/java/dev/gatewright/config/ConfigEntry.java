package dev.gatewright.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One setting as it is in force, and who says so.
///
/// @param key its dotted path, such as `listen.port` or `sites[0].host`
/// @param value as it was written there; of a secret only where it is found (`${NAME}`,
///   `file:/path`); null = nothing is set, or a secret itself
/// @param from the file, the variable's or the flag's name; null = nobody, it is the default
/// @param line of the file, from 1; 0 = it is not from there
public record ConfigEntry(
    String key,
    @Nullable String value,
    boolean secret,
    Source source,
    @Nullable String from,
    int line) {
  /// Who says it.
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
