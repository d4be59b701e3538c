package dev.gatewright.cli.command.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright audit verify`
@Command(
    name = "verify",
    description = {
      "Walk the whole chain of changes. Ends with 5 when it is broken.",
      "An end that was cut off shows only against anchors that were kept elsewhere."
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int ANCHORS_MAX = 1_000;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--anchors",
      paramLabel = "FILE",
      description = "Lines of `audit anchor`, or a server's audit-anchors.jsonl.")
  private @Nullable Path anchors;

  AuditVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (anchors != null) {
      ArrayNode sent = body.putArray("anchors");
      read(anchors, Fields.text(client.get("/api/audit/anchor"), "organization_id"))
          .forEach(sent::add);
    }
    JsonNode verdict = client.post("/api/audit/verify", body);
    boolean intact = verdict.path("intact").asBoolean();
    if (!output.printed(terminal, verdict)) {
      String held = Fields.text(verdict, "anchors");
      terminal.print(
          intact
              ? "intact: %s links, held against %s anchors"
                  .formatted(Fields.text(verdict, "links"), held)
              : "broken at link %s: %s"
                  .formatted(Fields.text(verdict, "broken_at"), Fields.text(verdict, "reason")));
    }
    return intact ? ExitCode.OK : ExitCode.BROKEN_CHAIN;
  }

  /// The newest anchors of the organization; a file may hold those of several.
  private List<JsonNode> read(Path file, String organization) {
    List<JsonNode> found = new ArrayList<>();
    int number = 0;
    try {
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank()) {
          JsonNode anchor = GateClient.JSON.readTree(line);
          if (Fields.text(anchor, "organization_id").equals(organization)) {
            found.add(anchor);
          }
        }
      }
    } catch (JsonProcessingException notJson) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--anchors: line %d of %s is not JSON (expected: a line of `audit anchor`)"
              .formatted(number, file));
    } catch (IOException unreadable) {
      throw new CommandFailed(ExitCode.USAGE, "--anchors: %s cannot be read".formatted(file));
    }
    if (found.isEmpty()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--anchors: %s has no anchor of %s (expected: at least one)"
              .formatted(file, organization));
    }
    int from = Math.max(0, found.size() - ANCHORS_MAX);
    if (from > 0) {
      terminal.say("held against the newest %d of %d anchors".formatted(ANCHORS_MAX, found.size()));
    }
    return found.subList(from, found.size());
  }
}
