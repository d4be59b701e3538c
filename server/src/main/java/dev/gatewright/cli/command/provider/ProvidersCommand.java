package dev.gatewright.cli.command.provider;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright providers …`
@Command(
    name = "providers",
    description = "Providers of models: the configuration's and your organization's own.")
public final class ProvidersCommand {
  private ProvidersCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new ProvidersCommand())
        .addSubcommand(new ProvidersListCommand(terminal))
        .addSubcommand(new ProvidersAddCommand(terminal))
        .addSubcommand(new ProvidersEditCommand(terminal))
        .addSubcommand(new ProvidersRemoveCommand(terminal));
  }
}
