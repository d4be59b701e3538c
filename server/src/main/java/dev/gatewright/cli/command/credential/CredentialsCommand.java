package dev.gatewright.cli.command.credential;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright credentials …`
@Command(
    name = "credentials",
    description = "Store providers' keys once, so that calls need a gateway key alone.")
public final class CredentialsCommand {
  private CredentialsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new CredentialsCommand())
        .addSubcommand(new CredentialsListCommand(terminal))
        .addSubcommand(new CredentialsAddCommand(terminal))
        .addSubcommand(new CredentialsCheckCommand(terminal))
        .addSubcommand(new CredentialsReplaceCommand(terminal))
        .addSubcommand(new CredentialsRemoveCommand(terminal));
  }
}
