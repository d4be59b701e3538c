package dev.gatewright.cli.command.provider;

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

/// `gatewright providers edit`
@Command(
    name = "edit",
    description = {
      "Change what is given, leave the rest; a list takes the place of the one before.",
      "At another address, what is stored for the old one is not sent until it is stored again."
    })
final class ProvidersEditCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "As `providers list` shows it.")
  private String id = "";

  @Option(names = "--base-url", description = "What stands before /chat/completions or /messages.")
  private @Nullable String baseUrl;

  @Option(names = "--dialect", description = "openai or anthropic.")
  private @Nullable String dialect;

  @Option(names = "--model", description = "A model to be listed; may be given several times.")
  private @Nullable List<String> models;

  @Option(names = "--endpoint", description = "What it serves, such as /embeddings; several times.")
  private @Nullable List<String> endpoints;

  ProvidersEditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ProvidersRemoveCommand.requireId(id);
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (baseUrl != null) {
      body.put("base_url", baseUrl);
    }
    if (dialect != null) {
      body.put("dialect", dialect);
    }
    list(body, "models", models);
    list(body, "endpoints", endpoints);
    if (body.isEmpty()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "nothing to change (expected: --base-url, --dialect, --model or --endpoint)");
    }
    JsonNode now = server.connect(terminal).patch("/api/providers/" + id, body);
    if (!output.printed(terminal, now)) {
      terminal.print(Fields.text(now, "id") + "  " + Fields.text(now, "base_url"));
    }
    return ExitCode.OK;
  }

  private static void list(ObjectNode body, String name, @Nullable List<String> values) {
    if (values != null) {
      ArrayNode list = body.putArray(name);
      values.forEach(list::add);
    }
  }
}
