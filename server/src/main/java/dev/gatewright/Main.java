package dev.gatewright;

import dev.gatewright.cli.ExitCode;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.Terminal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Entry point of the one jar: server and command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Terminal terminal =
        new Terminal(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            System.getenv(),
            Objects.requireNonNull(System.console()).isTerminal());
    int exitCode =
        GatewrightCommand.run(
            List.of(arguments), terminal, Version.text(), (_, _) -> ExitCode.REFUSED);
    // Explicitly, because a library's thread that is not a daemon must not keep a command alive.
    System.exit(exitCode);
  }
}
