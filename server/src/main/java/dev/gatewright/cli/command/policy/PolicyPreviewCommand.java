package dev.gatewright.cli.command.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright policy preview`
@Command(
    name = "preview",
    description = {
      "Hold a rule that is not there yet against the calls of the last days.",
      "Says how many would have been refused, of which keys. Changes nothing."
    })
final class PolicyPreviewCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RuleOptions rule = new RuleOptions();
  private final Terminal terminal;

  @Option(names = "--days", defaultValue = "7", description = "How far back, 1 to 7 (default: 7).")
  private int days = 7;

  PolicyPreviewCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode().put("days", days);
    body.putArray("rules").add(rule.body());
    JsonNode answer = server.connect(terminal).post("/api/policy/preview", body);
    if (output.printed(terminal, answer)) {
      return ExitCode.OK;
    }
    terminal.print(
        "%s of %s calls since %s would have been refused%s"
            .formatted(
                Fields.text(answer, "refused_calls"),
                Fields.text(answer, "calls"),
                Fields.text(answer, "from"),
                answer.path("complete").asBoolean() ? "" : " (not all were looked at)"));
    TextTable keys = new TextTable("KEY", "REFUSED");
    keys.rows(answer.path("keys"), "key_id", "refused_calls");
    keys.print(terminal);
    TextTable samples = new TextTable("AT", "KEY", "ENDPOINT", "MODEL", "TARGET", "WHY");
    samples.rows(
        answer.path("samples"), "started_at", "key_id", "endpoint", "model", "target", "message");
    samples.print(terminal);
    return ExitCode.OK;
  }
}
