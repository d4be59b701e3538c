package dev.gatewright.cli.command.billing;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright credits …`
@Command(name = "credits", description = "Give organizations credit; see what became of it.")
public final class CreditsCommand {
  private CreditsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new CreditsCommand())
        .addSubcommand(new CreditsGrantCommand(terminal))
        .addSubcommand(new CreditsTopupCommand(terminal))
        .addSubcommand(new CreditsAutoTopupCommand(terminal))
        .addSubcommand(new CreditsBalanceCommand(terminal))
        .addSubcommand(new CreditsLedgerCommand(terminal));
  }
}
