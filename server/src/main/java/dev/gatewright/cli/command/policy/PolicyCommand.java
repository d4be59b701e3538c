package dev.gatewright.cli.command.policy;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright policy …`
@Command(
    name = "policy",
    description = "Set rules on organizations, projects, members and keys; see what they do.")
public final class PolicyCommand {
  private PolicyCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyListCommand(terminal))
        .addSubcommand(new PolicyAddCommand(terminal))
        .addSubcommand(new PolicyRemoveCommand(terminal))
        .addSubcommand(new PolicyExplainCommand(terminal))
        .addSubcommand(new PolicyPreviewCommand(terminal));
  }
}
