package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.command.Durations;
import dev.gatewright.cli.output.ExitCode;
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

  @ArgGroup(exclusive = true)
  private final Kind kind = new Kind();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it is good for, such as 12h or 30d (default: for ever).")
  private @Nullable String expires;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "MODEL",
      description = "The only models it may use; a final * matches any rest.")
  private List<String> models = List.of();

  @Option(
      names = "--ip",
      split = ",",
      paramLabel = "CIDR",
      description = "The only addresses it may be used from.")
  private List<String> ip = List.of();

  @Option(
      names = "--services",
      split = ",",
      paramLabel = "SERVICE",
      description = "The only services it may use; they need not be configured yet.")
  private List<String> services = List.of();

  @Option(
      names = "--manage",
      split = ",",
      paramLabel = "SERVICE",
      description = "Services it may also manage, such as pulling models; never implied.")
  private List<String> manage = List.of();

  @Option(names = "--user", description = "Whom it is given to; services see it.")
  private @Nullable String user;

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
    if (expires != null) {
      body.put("expires_in", Durations.checked("--expires", expires));
    }
    put(body, "models", models);
    put(body, "ip", ip);
    put(body, "services", services);
    put(body, "manage", manage);
    if (user != null) {
      body.put("user", user);
    }
    output.print(terminal, server.connect(terminal).post("/api/keys", body));
    return ExitCode.OK;
  }

  private static void put(ObjectNode body, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(field);
      values.forEach(array::add);
    }
  }
}
