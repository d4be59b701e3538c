package dev.gatewright.cli.command.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright services check`
@Command(
    name = "check",
    description = {
      "Ask every instance now how it is; costs no tokens.",
      "Ends with 4 when a service takes no calls."
    })
final class ServicesCheckCommand implements Callable<Integer> {
  private static final Set<String> OUT = Set.of("down", "draining");

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Parameters(arity = "0..*", paramLabel = "SERVICE", description = "Their ids; none = all.")
  private List<String> ids = new ArrayList<>();

  private final Terminal terminal;

  ServicesCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    List<String> wanted = new ArrayList<>(ids);
    if (wanted.isEmpty()) {
      client.get("/api/services").path("data").forEach(each -> wanted.add(Fields.text(each, "id")));
    }
    ObjectNode all = GateClient.JSON.createObjectNode();
    ArrayNode data = all.putArray("data");
    ServiceRows rows = new ServiceRows();
    int code = ExitCode.OK;
    for (String id : wanted) {
      String path = "/api/services/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/check";
      JsonNode service = client.post(path, GateClient.JSON.createObjectNode());
      data.add(service);
      rows.add(service);
      if (OUT.contains(Fields.text(service, "status"))) {
        code = ExitCode.NOT_REACHABLE;
      }
    }
    if (!output.printed(terminal, all)) {
      rows.print(terminal);
    }
    return code;
  }
}
