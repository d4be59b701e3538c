package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright webhooks remove`
@Command(name = "remove", description = "Forget a webhook and what waits for it.")
final class WebhooksRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "WEBHOOK", description = "whk_…")
  private String id = "";

  WebhooksRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    server.connect(terminal).call("DELETE", WebhookIds.path(id), null, Map.of());
    ObjectNode gone = GateClient.JSON.createObjectNode().put("id", id).put("removed", true);
    if (!output.printed(terminal, gone)) {
      terminal.print(id + "  removed");
    }
    return ExitCode.OK;
  }
}
