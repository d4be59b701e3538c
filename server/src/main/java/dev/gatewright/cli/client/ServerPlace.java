package dev.gatewright.cli.client;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command's server is.
abstract class ServerPlace {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Data folder of the local server (default: GATEWRIGHT_URL, else as the server finds its"
              + " own).")
  private @Nullable Path data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "A server elsewhere, signed in to by `gatewright login`.")
  private @Nullable String url;

  /// Its name among those this machine is signed in to; null = not said.
  abstract @Nullable String profile();

  /// @param organization which one the calls are about; null = the server's first, or the key's
  public GateClient connect(Terminal terminal, @Nullable String organization) {
    ServerAddress.Wish wish = new ServerAddress.Wish(data, url, profile());
    if (Stream.of(wish.folder(), wish.url(), wish.profile()).filter(Objects::nonNull).count() > 1) {
      throw new CommandFailed(
          ExitCode.USAGE, "--data, --url, --profile: more than one (expected: one of them)");
    }
    Map<String, String> flags = new HashMap<>();
    if (data != null) {
      flags.put("data", data.toString());
    }
    Path folder = ConfigSources.find(flags, terminal.environment()).dataFolder();
    return new GateClient(ServerAddress.find(wish, folder, terminal), organization);
  }
}
