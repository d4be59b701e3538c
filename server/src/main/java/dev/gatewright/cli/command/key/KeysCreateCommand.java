package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.command.budget.BudgetText;
import dev.gatewright.cli.command.limit.LimitText;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.NewKeyOutput;
import dev.gatewright.cli.output.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright keys create`
@Command(name = "create", description = "Make a key and print it, this once.")
final class KeysCreateCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final NewKeyOutput output = new NewKeyOutput();
  private final Terminal terminal;

  @Option(names = "--name", required = true, description = "What you call it.")
  private String name = "";

  @Option(
      names = "--project",
      paramLabel = "ID",
      description = "Where it belongs (prj_…); without it, to the first project.")
  private @Nullable String project;

  @Option(
      names = "--preview",
      description = "Make nothing; say what it would reach. Exit code 5 when that is nothing.")
  private boolean preview;

  @Option(
      names = "--limit",
      paramLabel = "KIND=N/PER",
      description = "How much its calls may take, such as requests=60/minute; may be repeated.")
  private List<String> limits = List.of();

  @Option(
      names = "--budget",
      split = ",",
      paramLabel = "USD/PER[:soft]",
      description = "What it may spend, such as 5/day or 100/month:soft.")
  private List<String> budgets = List.of();

  @ArgGroup(exclusive = true)
  private final Kind kind = new Kind();

  @Mixin private final KeyFieldOptions fields = new KeyFieldOptions();

  static final class Kind {
    @Option(names = "--test", description = "A test key: answered by the simulator, never billed.")
    private boolean test;

    @Option(names = "--admin", description = "An admin key: automates your organization.")
    private boolean admin;

    String word() {
      return test ? "test" : admin ? "admin" : "live";
    }
  }

  KeysCreateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("name", name);
    body.put("kind", kind.word());
    if (project != null) {
      body.put("project_id", project);
    }
    fields.put(body);
    for (String limit : limits) {
      body.withArray("limits").add(LimitText.body("--limit", limit));
    }
    if (preview) {
      output.printPreview(terminal, server.connect(terminal).post("/api/keys/preview", body));
      return ExitCode.OK;
    }
    List<BudgetText> wanted =
        budgets.stream().map(text -> BudgetText.parse("--budget", text)).toList();
    GateClient gate = server.connect(terminal);
    JsonNode made = gate.post("/api/keys", body);
    limit(gate, Fields.text(made, "id"), wanted);
    output.print(terminal, made);
    return ExitCode.OK;
  }

  /// A key that was to have limits and could get none must not be there without them.
  private static void limit(GateClient gate, String id, List<BudgetText> wanted) {
    try {
      wanted.forEach(each -> each.add(gate, id));
    } catch (CommandFailed failed) {
      gate.post("/api/keys/" + id + "/revoke", GateClient.JSON.createObjectNode());
      throw failed;
    }
  }
}
