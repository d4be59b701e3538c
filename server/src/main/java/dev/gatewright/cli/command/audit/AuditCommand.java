package dev.gatewright.cli.command.audit;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright audit …`
@Command(name = "audit", description = "See who changed what; check that nobody changed that.")
public final class AuditCommand {
  private AuditCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditListCommand(terminal))
        .addSubcommand(new AuditVerifyCommand(terminal))
        .addSubcommand(new AuditExportCommand(terminal))
        .addSubcommand(new AuditAnchorCommand(terminal));
  }
}
