package dev.gatewright.cli.client;

import dev.gatewright.cli.output.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server a command is meant for.
public class LocalServerOptions extends ServerPlace {
  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "The same by the name `gatewright login` gave it.")
  private @Nullable String profile;

  @Override
  final @Nullable String profile() {
    return profile;
  }

  public GateClient connect(Terminal terminal) {
    return connect(terminal, null);
  }
}
