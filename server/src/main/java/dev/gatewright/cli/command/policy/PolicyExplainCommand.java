package dev.gatewright.cli.command.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright policy explain`
@Command(
    name = "explain",
    description = {
      "Say what would become of a call, and which rule decides. Nothing is called.",
      "Ends with 0 when it would be let through, else with 5."
    })
final class PolicyExplainCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "KEY", description = "The caller's key: key_….")
  private String key = "";

  @Option(names = "--method", description = "GET, POST … (default: POST).")
  private @Nullable String method;

  @Option(names = "--path", description = "Where to (default: /v1/chat/completions).")
  private @Nullable String path;

  @Option(names = "--model", description = "The model it asks for.")
  private @Nullable String model;

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      description = "Where it comes from (default: from wherever the rules let it).")
  private @Nullable String ip;

  @Option(names = "--provider", description = "What X-Provider says.")
  private @Nullable String provider;

  @Option(
      names = "--origin",
      description = {
        "The page it comes from, such as https://app.example.com; '' for none",
        "(default: from wherever the key may be used)."
      })
  private @Nullable String origin;

  @Option(
      names = "--provider-auth",
      description = "Whether it brings a credential of its own, in X-Provider-Auth.")
  private boolean providerAuth;

  PolicyExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode question = GateClient.JSON.createObjectNode().put("key_id", key);
    put(question, "method", method);
    put(question, "path", path);
    put(question, "model", model);
    put(question, "ip", ip);
    put(question, "provider", provider);
    put(question, "origin", origin);
    if (providerAuth) {
      question.put("provider_auth", true);
    }
    JsonNode answer = server.connect(terminal).post("/api/policy/explain", question);
    if (!output.printed(terminal, answer)) {
      Fields.print(terminal, answer);
    }
    return answer.path("allowed").asBoolean() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private static void put(ObjectNode question, String field, @Nullable String value) {
    if (value != null) {
      question.put(field, value);
    }
  }
}
