package dev.gatewright.cli.command.price;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright prices …`
@Command(name = "prices", description = "See what models and services cost, and what has no price.")
public final class PricesCommand {
  private PricesCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new PricesCommand())
        .addSubcommand(new PricesListCommand(terminal))
        .addSubcommand(new PricesCheckCommand(terminal))
        .addSubcommand(new PricesFileCommand.Diff(terminal))
        .addSubcommand(new PricesFileCommand.Import(terminal));
  }
}
