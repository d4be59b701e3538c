package dev.gatewright.cli.command.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright limits set`
@Command(
    name = "set",
    description = {
      "Set a limit, or change the one of the same kind and time.",
      "Calls feel it within a second, on every replica."
    })
final class LimitsSetCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ON",
      description = "Whose: key_…, per_…, prj_…, org_…, service:… or site:….")
  private String on = "";

  @Parameters(
      index = "1",
      paramLabel = "KIND=N/PER",
      description = {
        "Such as requests=60/minute: requests, input_tokens, output_tokens or spend (USD)",
        "per second, minute, hour or day; concurrency=N."
      })
  private String limit = "";

  LimitsSetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode wanted = LimitText.body("KIND=N/PER", limit);
    GateClient gate = server.connect(terminal);
    String before = before(gate, wanted);
    JsonNode now =
        before.isEmpty()
            ? gate.post("/api/limits", wanted.put("on", on))
            : gate.patch(
                "/api/limits/" + before,
                GateClient.JSON.createObjectNode().set("max", wanted.path("max")));
    if (!output.printed(terminal, now)) {
      Fields.print(terminal, now);
    }
    return ExitCode.OK;
  }

  /// The limit that is there already; empty = none.
  private String before(GateClient gate, JsonNode wanted) {
    String of = URLEncoder.encode(on, StandardCharsets.UTF_8);
    for (JsonNode each : Pages.all(gate::get, "/api/limits?limit=200&on=" + of).path("data")) {
      if (each.path("kind").equals(wanted.path("kind"))
          && each.path("per").asText("").equals(wanted.path("per").asText(""))) {
        return each.path("id").asText();
      }
    }
    return "";
  }
}
