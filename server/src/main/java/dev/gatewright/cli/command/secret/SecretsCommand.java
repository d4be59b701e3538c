package dev.gatewright.cli.command.secret;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright secrets …`
@Command(name = "secrets", description = "The master key of this server; on its own machine only.")
public final class SecretsCommand {
  private SecretsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new SecretsCommand())
        .addSubcommand(new SecretsStatusCommand(terminal))
        .addSubcommand(new SecretsRotateCommand(terminal));
  }
}
