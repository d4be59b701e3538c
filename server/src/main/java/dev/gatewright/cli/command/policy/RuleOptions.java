package dev.gatewright.cli.command.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// What a rule says.
final class RuleOptions {
  @Option(
      names = "--on",
      required = true,
      paramLabel = "LAYER",
      description = "Whose rule it is: organization, project, member or key.")
  private String on = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The project, member or key: prj_…, per_… or key_….")
  private @Nullable String id;

  @ArgGroup(multiplicity = "1")
  private final Effect effect = new Effect();

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "MODEL",
      description = "Models, as asked for or provider/model; a final * matches any rest.")
  private List<String> models = List.of();

  @Option(names = "--providers", split = ",", paramLabel = "PROVIDER", description = "Providers.")
  private List<String> providers = List.of();

  @Option(
      names = "--prices",
      split = ",",
      paramLabel = "METER<=USD/UNITS",
      description = "List prices of models, such as 'input<=5/1M & output<=15/1M'.")
  private List<String> prices = List.of();

  @Option(
      names = "--services",
      split = ",",
      paramLabel = "SERVICE",
      description = "Self-hosted services.")
  private List<String> services = List.of();

  @Option(
      names = "--rooms",
      split = ",",
      paramLabel = "PROVIDER",
      description = "Providers of rooms.")
  private List<String> rooms = List.of();

  @Option(names = "--ip", split = ",", paramLabel = "CIDR", description = "Addresses of callers.")
  private List<String> ip = List.of();

  @Option(names = "--name", description = "What you call it.")
  private @Nullable String name;

  /// One of the two.
  static final class Effect {
    @SuppressWarnings("UnusedVariable") // that it is given is what the group asks for
    @Option(names = "--allow", description = "Allow these, and of their type nothing else.")
    private boolean allow;

    @Option(names = "--deny", description = "Deny these.")
    private boolean deny;
  }

  /// As `POST /api/policy/rules` takes it.
  ObjectNode body() {
    Map<String, List<String>> given = new LinkedHashMap<>();
    Map.of(
            "models", models,
            "providers", providers,
            "prices", prices,
            "services", services,
            "rooms", rooms,
            "ip", ip)
        .forEach((type, values) -> {
          if (!values.isEmpty()) {
            given.put(type, values);
          }
        });
    if (given.size() != 1) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%d types of values (expected: one of --models, --providers, --prices, --services, --rooms and --ip)"
              .formatted(given.size()));
    }
    ObjectNode body = GateClient.JSON.createObjectNode().put("on", on);
    if (id != null) {
      body.put("id", id);
    }
    body.put("effect", effect.deny ? "deny" : "allow");
    given.forEach((type, values) -> {
      ArrayNode array = body.put("type", type).putArray("values");
      values.forEach(array::add);
    });
    return name == null ? body : body.put("name", name);
  }
}
