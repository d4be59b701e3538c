package dev.gatewright.cli.command.budget;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright budgets …`
@Command(
    name = "budgets",
    description = "Say what keys, people, projects and organizations may spend.")
public final class BudgetsCommand {
  private BudgetsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new BudgetsCommand())
        .addSubcommand(new BudgetsSetCommand(terminal))
        .addSubcommand(new BudgetsListCommand(terminal))
        .addSubcommand(new BudgetsRemoveCommand(terminal));
  }
}
