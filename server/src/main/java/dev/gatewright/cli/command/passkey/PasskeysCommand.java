package dev.gatewright.cli.command.passkey;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright passkeys`
@Command(
    name = "passkeys",
    description = "Passkeys of people.",
    synopsisSubcommandLabel = "COMMAND")
public final class PasskeysCommand {
  private PasskeysCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new PasskeysCommand()).addSubcommand(new PasskeysResetCommand(terminal));
  }
}
