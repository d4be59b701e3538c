package dev.gatewright.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright services …`
@Command(name = "services", description = "See how self-hosted services do; take instances out.")
final class ServicesCommand {
  private ServicesCommand() {}

  static CommandLine with(Terminal terminal) {
    return new CommandLine(new ServicesCommand())
        .addSubcommand(new ServicesListCommand(terminal))
        .addSubcommand(new ServicesCheckCommand(terminal))
        .addSubcommand(new ServicesDrainCommand(terminal));
  }
}
