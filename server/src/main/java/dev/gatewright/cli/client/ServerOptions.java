package dev.gatewright.cli.client;

import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server a command is meant for; part of every command that talks to one.
public final class ServerOptions {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Data folder of the local server (default: GATEWRIGHT_URL, else as the server finds its"
              + " own).")
  private @Nullable Path data;

  public GateClient connect(Terminal terminal) {
    Map<String, String> flags = new HashMap<>();
    if (data != null) {
      flags.put("data", data.toString());
    }
    Path folder = ConfigSources.find(flags, terminal.environment()).dataFolder();
    return new GateClient(ServerAddress.find(folder, data != null, terminal));
  }
}
