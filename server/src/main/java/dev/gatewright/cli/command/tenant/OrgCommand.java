package dev.gatewright.cli.command.tenant;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright org …`
@Command(name = "org", description = "Make and manage organizations.")
public final class OrgCommand {
  private OrgCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new OrgCommand())
        .addSubcommand(new OrgListCommand(terminal))
        .addSubcommand(new OrgCreateCommand(terminal))
        .addSubcommand(new OrgShowCommand(terminal))
        .addSubcommand(new OrgRenameCommand(terminal))
        .addSubcommand(new OrgDeleteCommand(terminal))
        .addSubcommand(new OrgRestoreCommand(terminal))
        .addSubcommand(new OrgSetOwnerCommand(terminal));
  }
}
