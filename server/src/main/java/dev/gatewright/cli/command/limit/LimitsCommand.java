package dev.gatewright.cli.command.limit;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright limits …`
@Command(
    name = "limits",
    description =
        "Set how much calls may take: of keys, people, projects, organizations, services.")
public final class LimitsCommand {
  private LimitsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new LimitsCommand())
        .addSubcommand(new LimitsSetCommand(terminal))
        .addSubcommand(new LimitsListCommand(terminal))
        .addSubcommand(new LimitsRemoveCommand(terminal));
  }
}
