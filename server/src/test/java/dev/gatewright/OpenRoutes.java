package dev.gatewright;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The templates a gate serves whole, for tests that must leave out none of them.
public final class OpenRoutes {
  private OpenRoutes() {}

  /// Starts a gate of its own to ask.
  ///
  /// @param data an empty folder
  public static List<String> of(Path data) throws IOException {
    try (Gatewright gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", data.toString()),
            Time.system())) {
      return gate.openRoutes();
    }
  }
}
