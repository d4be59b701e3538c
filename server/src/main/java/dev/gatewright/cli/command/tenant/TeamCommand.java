package dev.gatewright.cli.command.tenant;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright team …`
@Command(name = "team", description = "See, invite, change and remove an organization's members.")
public final class TeamCommand {
  private TeamCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new TeamCommand())
        .addSubcommand(new TeamListCommand(terminal))
        .addSubcommand(new TeamInviteCommand(terminal))
        .addSubcommand(new TeamSetRoleCommand(terminal))
        .addSubcommand(new TeamRemoveCommand(terminal));
  }
}
