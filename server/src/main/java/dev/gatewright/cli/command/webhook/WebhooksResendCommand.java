package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.JsonNode;
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

/// `gatewright webhooks resend`
@Command(name = "resend", description = "Send something again.")
final class WebhooksResendCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "WEBHOOK", description = "whk_…")
  private String id = "";

  @Parameters(index = "1", paramLabel = "DELIVERY", description = "dlv_…")
  private String delivery = "";

  WebhooksResendCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = WebhookIds.path(id) + "/deliveries/" + WebhookIds.delivery(delivery) + "/resend";
    JsonNode sent = server.connect(terminal).post(path, GateClient.JSON.createObjectNode());
    if (!output.printed(terminal, sent)) {
      terminal.print(Fields.text(sent, "id") + "  " + Fields.text(sent, "state"));
    }
    return ExitCode.OK;
  }
}
