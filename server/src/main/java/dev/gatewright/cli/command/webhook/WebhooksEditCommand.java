package dev.gatewright.cli.command.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright webhooks edit`
@Command(name = "edit", description = "Change what is given, leave the rest.")
final class WebhooksEditCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "WEBHOOK", description = "whk_…")
  private String id = "";

  @Option(names = "--to", description = "https://host/path")
  private @Nullable String url;

  @Option(names = "--events", split = ",", description = "In place of those before.")
  private @Nullable List<String> events;

  @Option(names = "--note", description = "What it is for.")
  private @Nullable String note;

  @Option(names = "--enable", description = "Tell it again.")
  private boolean enable;

  @Option(names = "--disable", description = "Tell it nothing; what waits is dropped.")
  private boolean disable;

  WebhooksEditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (url != null) {
      body.put("url", url);
    }
    if (events != null) {
      ArrayNode wanted = body.putArray("events");
      events.forEach(wanted::add);
    }
    if (note != null) {
      body.put("note", note);
    }
    if (enable != disable) {
      body.put("enabled", enable);
    }
    if (body.isEmpty()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "nothing to change (expected: --to, --events, --note, --enable or --disable)");
    }
    JsonNode now = server.connect(terminal).patch(WebhookIds.path(id), body);
    if (!output.printed(terminal, now)) {
      terminal.print(Fields.text(now, "id") + "  " + Fields.text(now, "state"));
    }
    return ExitCode.OK;
  }
}
