package dev.gatewright.cli.command.key;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright keys …`
@Command(name = "keys", description = "Make and manage API keys.")
public final class KeysCommand {
  private KeysCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new KeysCommand())
        .addSubcommand(new KeysCreateCommand(terminal))
        .addSubcommand(new KeysListCommand(terminal))
        .addSubcommand(new KeysShowCommand(terminal))
        .addSubcommand(new KeysEditCommand(terminal))
        .addSubcommand("disable", new KeysChangeCommand(terminal, "disable"))
        .addSubcommand("enable", new KeysChangeCommand(terminal, "enable"))
        .addSubcommand("revoke", new KeysChangeCommand(terminal, "revoke"))
        .addSubcommand(new KeysRotateCommand(terminal))
        .addSubcommand(new KeysVerifyCommand(terminal))
        .addSubcommand(new KeysReportCommand(terminal));
  }
}
