package dev.gatewright.cli.command.webhook;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright webhooks …`
@Command(name = "webhooks", description = "Who is told what happens in the organization.")
public final class WebhooksCommand {
  private WebhooksCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new WebhooksCommand())
        .addSubcommand(new WebhooksListCommand(terminal))
        .addSubcommand(new WebhooksAddCommand(terminal))
        .addSubcommand(new WebhooksEditCommand(terminal))
        .addSubcommand(new WebhooksRemoveCommand(terminal))
        .addSubcommand(new WebhooksRotateCommand(terminal))
        .addSubcommand(new WebhooksTestCommand(terminal))
        .addSubcommand(new WebhooksDeliveriesCommand(terminal))
        .addSubcommand(new WebhooksResendCommand(terminal));
  }
}
