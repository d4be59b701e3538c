package dev.gatewright.cli.command.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright prices check`
@Command(
    name = "check",
    description = {
      "Say of each target of each model name what a million tokens cost.",
      "Ends with 5 when one has no price."
    })
final class PricesCheckCommand implements Callable<Integer> {
  private static final int MILLION = 1_000_000;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  PricesCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    ObjectNode answer = GateClient.JSON.createObjectNode();
    ArrayNode rows = answer.putArray("data");
    boolean all = true;
    for (JsonNode model : Pages.all(gate::get, "/api/models?limit=200").path("data")) {
      for (JsonNode target : model.path("targets")) {
        if (target.asText().endsWith("*")) {
          continue;
        }
        JsonNode input = quote(gate, target.asText(), "input");
        JsonNode written = quote(gate, target.asText(), "output");
        ObjectNode row = rows.addObject();
        row.put("model", model.path("id").asText()).put("target", target.asText());
        row.put("input", input.path("cost").asText(""))
            .put("output", written.path("cost").asText(""));
        row.set("version", input.path("version"));
        all &= !input.path("cost").isNull();
      }
    }
    if (!output.printed(terminal, answer)) {
      TextTable table = new TextTable("MODEL", "TARGET", "USD/1M IN", "USD/1M OUT", "PRICE");
      table.rows(rows, "model", "target", "input", "output", "version");
      table.print(terminal);
    }
    return all ? ExitCode.OK : ExitCode.REFUSED;
  }

  private static JsonNode quote(GateClient gate, String target, String meter) {
    ObjectNode question = GateClient.JSON.createObjectNode().put("model", target);
    question.putObject("meters").put(meter, MILLION);
    return gate.post("/api/prices/quote", question);
  }
}
