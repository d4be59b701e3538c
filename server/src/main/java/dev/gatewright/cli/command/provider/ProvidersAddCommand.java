package dev.gatewright.cli.command.provider;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright providers add`
@Command(
    name = "add",
    description = {
      "Define a provider of models for the organization.",
      "Its key is stored with `gatewright credentials add --provider ID`."
    })
final class ProvidersAddCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--id", required = true, description = "Stands before the slash: id/model.")
  private String id = "";

  @Option(
      names = "--base-url",
      required = true,
      description = "What stands before /chat/completions or /messages.")
  private String baseUrl = "";

  @Option(names = "--dialect", description = "openai (the default) or anthropic.")
  private String dialect = "openai";

  @Option(names = "--model", description = "A model to be listed; may be given several times.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--endpoint",
      description = "What it serves, such as /embeddings; several times; none = everything.")
  private List<String> endpoints = new ArrayList<>();

  ProvidersAddCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("id", id);
    body.put("base_url", baseUrl);
    body.put("dialect", dialect);
    ArrayNode listed = body.putArray("models");
    models.forEach(listed::add);
    ArrayNode served = body.putArray("endpoints");
    endpoints.forEach(served::add);
    JsonNode made = server.connect(terminal).post("/api/providers", body);
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "id") + "  " + Fields.text(made, "base_url"));
    }
    return ExitCode.OK;
  }
}
