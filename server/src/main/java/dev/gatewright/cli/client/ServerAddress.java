package dev.gatewright.cli.client;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Which server a command talks to, and with which key.
///
/// @param url without a final slash
record ServerAddress(String url, Secret adminKey) {
  /// The server the environment names, else the one that runs in `data`.
  ///
  /// @param named `data` was asked for by flag, which stands above the environment
  /// @throws CommandFailed with [ExitCode#NOT_REACHABLE] when there is neither
  static ServerAddress find(Path data, boolean named, Terminal terminal) {
    String url = terminal.environment().getOrDefault("GATEWRIGHT_URL", "");
    if (!url.isEmpty() && !named) {
      String key = terminal.environment().getOrDefault("GATEWRIGHT_ADMIN_KEY", "");
      if (key.isEmpty()) {
        throw new CommandFailed(
            ExitCode.USAGE, "GATEWRIGHT_URL is set, GATEWRIGHT_ADMIN_KEY is not (expected: both).");
      }
      return new ServerAddress(url.replaceAll("/+$", ""), Secret.of(key.strip()));
    }
    ServerFile local = readLocal(data);
    if (local != null && GateClient.instanceAt(local.url()).equals(local.instance())) {
      return new ServerAddress(local.url(), local.adminKey());
    }
    String why =
        local == null
            ? "none runs in %s.".formatted(data)
            : "the one of %s (%s, process %d) does not answer."
                .formatted(data, local.url(), local.pid());
    throw new CommandFailed(
        ExitCode.NOT_REACHABLE,
        "No server is reachable: %s Start one with `gatewright serve`, or set GATEWRIGHT_URL and GATEWRIGHT_ADMIN_KEY."
            .formatted(why));
  }

  private static @Nullable ServerFile readLocal(Path data) {
    try {
      return ServerFile.read(data);
    } catch (IOException unreadable) {
      return null;
    }
  }
}
