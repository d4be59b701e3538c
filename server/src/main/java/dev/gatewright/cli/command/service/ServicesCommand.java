package dev.gatewright.cli.command.service;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright services …`
@Command(name = "services", description = "See how self-hosted services do; take instances out.")
public final class ServicesCommand {
  private ServicesCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new ServicesCommand())
        .addSubcommand(new ServicesListCommand(terminal))
        .addSubcommand(new ServicesCheckCommand(terminal))
        .addSubcommand(new ServicesDrainCommand(terminal));
  }
}
