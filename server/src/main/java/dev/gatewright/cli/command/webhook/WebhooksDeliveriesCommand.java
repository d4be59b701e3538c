package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright webhooks deliveries`
@Command(
    name = "deliveries",
    description = "List what was sent to it in the last days, newest first.")
final class WebhooksDeliveriesCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "WEBHOOK", description = "whk_…")
  private String id = "";

  WebhooksDeliveriesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = Pages.all(server.connect(terminal)::get, WebhookIds.path(id) + "/deliveries");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "TYPE", "STATE", "TRIES", "STATUS", "PROBLEM");
    for (JsonNode each : all.path("data")) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "type"),
          Fields.text(each, "state"),
          Fields.text(each, "attempts"),
          Fields.text(each, "status"),
          Fields.text(each, "problem"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
