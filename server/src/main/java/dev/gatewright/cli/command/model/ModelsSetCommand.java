package dev.gatewright.cli.command.model;

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
import picocli.CommandLine.Parameters;

/// `gatewright models set`
@Command(
    name = "set",
    description = {
      "Say what a name leads to; a name that is there is led elsewhere.",
      "A final * of the name stands for any rest, a final * of a target is that rest."
    })
final class ModelsSetCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "NAME", description = "What callers ask for.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TARGET",
      description = "provider/model; several are tried in order.")
  private List<String> targets = new ArrayList<>();

  ModelsSetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    ObjectNode body = GateClient.JSON.createObjectNode();
    ArrayNode list = body.putArray("targets");
    targets.forEach(list::add);
    String there = ModelNames.path(gate, name);
    JsonNode now =
        there == null ? gate.post(ModelNames.PATH, body.put("id", name)) : gate.patch(there, body);
    if (!output.printed(terminal, now)) {
      terminal.print(Fields.text(now, "id") + "  " + Fields.text(now, "targets"));
    }
    return ExitCode.OK;
  }
}
