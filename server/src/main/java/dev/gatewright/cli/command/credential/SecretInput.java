package dev.gatewright.cli.command.credential;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A secret from standard input or the environment, never from an argument: those are visible to
/// everybody on the machine.
final class SecretInput {
  private static final int CHARACTERS_MAX = 8_192;

  @Option(
      names = "--secret-env",
      paramLabel = "NAME",
      description = "Take the secret from this variable of the environment, not standard input.")
  private @Nullable String variable;

  String read(Terminal terminal) throws IOException {
    String secret;
    if (variable != null) {
      secret = terminal.environment().get(variable);
    } else {
      if (terminal.interactive()) {
        terminal.say("Paste the provider's key and press Enter:");
      }
      secret = terminal.in().readLine();
    }
    if (secret == null || secret.isBlank() || secret.length() > CHARACTERS_MAX) {
      throw new CommandFailed(
          ExitCode.USAGE,
          (variable == null ? "standard input" : variable)
              + ": (expected: one secret on one line)");
    }
    return secret.strip();
  }
}
