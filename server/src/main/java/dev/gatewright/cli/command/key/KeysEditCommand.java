package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright keys edit`
@Command(
    name = "edit",
    description = {
      "Change a key's fields; what is not given stays.",
      "A list takes the place of the one before. Running calls that the key may no longer make",
      "end within a second."
    })
final class KeysEditCommand implements Callable<Integer> {
  private static final Set<String> CLEARED =
      Set.of(
          "expires",
          "not-before",
          "models",
          "deny-models",
          "providers",
          "services",
          "rooms",
          "ip",
          "manage",
          "tags",
          "user",
          "owner",
          "origins",
          "metadata",
          "allow-unpriced",
          "max-output-tokens");

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final KeyId id = new KeyId();
  @Mixin private final KeyFieldOptions fields = new KeyFieldOptions();
  private final Terminal terminal;

  @Option(names = "--name", description = "What you call it.")
  private @Nullable String name;

  @Option(
      names = "--clear",
      split = ",",
      paramLabel = "FIELD",
      description =
          "Take away: expires, not-before, models, deny-models, providers, services, rooms, ip,"
              + " manage, tags, user, owner, origins, metadata, allow-unpriced or max-output-tokens.")
  private List<String> clear = List.of();

  KeysEditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (name != null) {
      body.put("name", name);
    }
    fields.put(body);
    for (String field : clear) {
      if (!CLEARED.contains(field)) {
        throw new CommandFailed(
            ExitCode.USAGE,
            "--clear: %s (expected: one of %s)"
                .formatted(field, String.join(", ", CLEARED.stream().sorted().toList())));
      }
      String word = field.equals("expires") ? "expires_at" : field.replace('-', '_');
      if (body.has(word) || (field.equals("expires") && body.has("expires_in"))) {
        throw new CommandFailed(
            ExitCode.USAGE, "--clear: %s (expected: not given beside it)".formatted(field));
      }
      body.putNull(word);
    }
    if (body.isEmpty()) {
      throw new CommandFailed(ExitCode.USAGE, "Nothing to change (expected: at least one option).");
    }
    JsonNode key = server.connect(terminal).call("PATCH", id.path(), body, Map.of());
    if (!output.printed(terminal, key)) {
      Fields.print(terminal, key);
    }
    return ExitCode.OK;
  }
}
