package dev.gatewright.cli.command.installation;

import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.store.StoreConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which installation a command works on, as `serve` would find it.
public final class StoreOptions {
  @Option(names = "--data", paramLabel = "FOLDER", description = "Default: ~/.gatewright.")
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Default: ./gatewright.yaml, then FOLDER/gatewright.yaml, if there.")
  private @Nullable String config;

  public ConfigSources sources(Terminal terminal) {
    Map<String, String> flags = new HashMap<>();
    if (data != null) {
      flags.put("data", data);
    }
    if (config != null) {
      flags.put("config", config);
    }
    return ConfigSources.find(flags, terminal.environment());
  }

  /// Secrets of providers, which the server's environment alone may hold, do not matter here.
  StoreConfig store(Terminal terminal) {
    return StoreConfig.from(sources(terminal).loadUnchecked());
  }
}
