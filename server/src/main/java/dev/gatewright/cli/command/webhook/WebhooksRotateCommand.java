package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright webhooks rotate`
@Command(
    name = "rotate",
    description = "Give it a new secret, shown once; the old one signs for 24 more hours.")
final class WebhooksRotateCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "WEBHOOK", description = "whk_…")
  private String id = "";

  WebhooksRotateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode none = GateClient.JSON.createObjectNode();
    JsonNode now = server.connect(terminal).post(WebhookIds.path(id) + "/rotate", none);
    if (!output.printed(terminal, now)) {
      terminal.print(Fields.text(now, "secret") + "  (shown once)");
    }
    return ExitCode.OK;
  }
}
