package dev.gatewright.cli.client;

import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server a command is meant for.
public class LocalServerOptions {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Data folder of the local server (default: GATEWRIGHT_URL, else as the server finds its"
              + " own).")
  private @Nullable Path data;

  public GateClient connect(Terminal terminal) {
    return connect(terminal, null);
  }

  /// @param organization which one the calls are about; null = the server's first, or the key's
  public GateClient connect(Terminal terminal, @Nullable String organization) {
    Map<String, String> flags = new HashMap<>();
    if (data != null) {
      flags.put("data", data.toString());
    }
    Path folder = ConfigSources.find(flags, terminal.environment()).dataFolder();
    return new GateClient(ServerAddress.find(folder, data != null, terminal), organization);
  }
}
