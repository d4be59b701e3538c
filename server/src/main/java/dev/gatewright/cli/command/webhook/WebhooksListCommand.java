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

/// `gatewright webhooks list`
@Command(name = "list", description = "List webhooks; no secret is shown.")
final class WebhooksListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  WebhooksListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/webhooks");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "STATE", "EVENTS", "URL");
    for (JsonNode each : all.path("data")) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "state"),
          Fields.text(each, "events"),
          Fields.text(each, "url"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
