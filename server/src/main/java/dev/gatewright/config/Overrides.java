package dev.gatewright.config;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands above the file: flags of the command line, then the environment.
///
/// @param flags by dotted path, such as `listen.port`
/// @param environment the process's environment, or a test's
record Overrides(Map<String, String> flags, Map<String, String> environment) {
  /// Variables that have a name of their own beside `GATEWRIGHT_…`: what platforms set.
  private static final Map<String, String> PLATFORM =
      Map.of(
          "listen.port",
          "PORT",
          "database-url",
          "DATABASE_URL",
          "redis-url",
          "REDIS_URL",
          "cache-redis-url",
          "CACHE_REDIS_URL");

  Overrides {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /// A value from above the file.
  ///
  /// @param from the flag's or variable's name, for messages
  record Given(String text, String from) {}

  /// Null when only file or default can say. An empty variable counts as unset, as shells and
  /// compose files write it.
  @Nullable Given find(String path) {
    String flag = flags.get(path);
    if (flag != null) {
      return new Given(flag, "--" + path.substring(path.lastIndexOf('.') + 1));
    }
    String name = variable(path);
    Given own = variableValue(name);
    if (own != null) {
      return own;
    }
    String platform = PLATFORM.get(path);
    return platform == null ? null : variableValue(platform);
  }

  /// True when the port comes from the platform alone: such a process is meant to be reached from
  /// outside its container.
  boolean portOfPlatform() {
    Given port = find("listen.port");
    return port != null && port.from().equals("PORT");
  }

  static String variable(String path) {
    return "GATEWRIGHT_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private @Nullable Given variableValue(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : new Given(value, name);
  }
}
