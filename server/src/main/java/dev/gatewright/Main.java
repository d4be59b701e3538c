package dev.gatewright;

import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Entry point of the one jar: server and command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals("aot-training")) {
      AotTraining.run();
      System.exit(0);
    }
    if (arguments.length > 0 && arguments[0].equals("serve")) {
      Serve.ahead();
    }
    Terminal terminal =
        new Terminal(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            System.getenv(),
            atTerminal());
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new Serve());
    // Explicitly, because a library's thread that is not a daemon must not keep a command alive.
    System.exit(exitCode);
  }

  /// Error Prone knows JDK 22 to 24, whose console was never null; that of 25 is, without a
  /// terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean atTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
