package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright webhooks add`
@Command(
    name = "add",
    description = {
      "Tell an address what happens. Its secret is shown once: with it the receiver checks",
      "what comes (Standard Webhooks)."
    })
final class WebhooksAddCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "URL", description = "https://host/path")
  private String url = "";

  @Option(
      names = "--events",
      required = true,
      split = ",",
      description = "Such as key,balance or key.revoke; * = whatever happens.")
  private List<String> events = new ArrayList<>();

  @Option(names = "--note", description = "What it is for.")
  private @Nullable String note;

  WebhooksAddCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode().put("url", url);
    ArrayNode wanted = body.putArray("events");
    events.forEach(wanted::add);
    if (note != null) {
      body.put("note", note);
    }
    JsonNode made = server.connect(terminal).post("/api/webhooks", body);
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "id") + "  " + Fields.text(made, "url"));
      terminal.print(Fields.text(made, "secret") + "  (shown once)");
    }
    return ExitCode.OK;
  }
}
