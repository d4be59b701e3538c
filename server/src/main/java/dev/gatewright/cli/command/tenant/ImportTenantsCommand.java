package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright import tenants`
@Command(
    name = "tenants",
    description = {
      "Take over another gate's organizations: projects, people, and keys by their hashes.",
      "Running it again changes nothing: what is here stays as it is."
    })
public final class ImportTenantsCommand implements Callable<Integer> {
  private static final List<String> PARTS = List.of("organizations", "projects", "people", "keys");

  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file: {\"organizations\": [...]}.")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Say what would become of it; change nothing.")
  private boolean dryRun;

  public ImportTenantsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<ObjectNode> requests = TenantFile.requests(file);
    GateClient client = server.connect(terminal);
    ObjectNode report = GateClient.JSON.createObjectNode().put("dry_run", dryRun);
    for (String part : PARTS) {
      report.putObject(part).put("imported", 0).put("present", 0).put("refused", 0);
    }
    ArrayNode refused = report.putArray("refused");
    int done = 0;
    String last = "";
    for (ObjectNode organization : requests) {
      ObjectNode body = GateClient.JSON.createObjectNode().put("dry_run", dryRun);
      body.set("organization", organization);
      JsonNode answer = client.post("/api/platform/import", body);
      boolean first = !Fields.text(answer, "ref").equals(last);
      last = Fields.text(answer, "ref");
      count(report, refused, answer, first);
      if (++done % 100 == 0) {
        terminal.say("%d of %d requests".formatted(done, requests.size()));
      }
    }
    if (!output.printed(terminal, report)) {
      print(report);
    }
    return refused.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
  }

  /// @param first the answer is of the request that brings the organization itself
  private static void count(ObjectNode report, ArrayNode refused, JsonNode answer, boolean first) {
    String ref = Fields.text(answer, "ref");
    if (first) {
      count(report, "organizations", answer);
      for (String part : List.of("projects", "people")) {
        for (JsonNode each : answer.path(part)) {
          count(report, part, each);
          if (Fields.text(each, "outcome").equals("refused")) {
            refuse(refused, ref, Fields.text(each, "ref"), each);
          }
        }
      }
    }
    for (JsonNode key : answer.path("keys")) {
      count(report, "keys", key);
      if (Fields.text(key, "outcome").equals("refused")) {
        refuse(refused, ref, "key " + Fields.text(key, "line"), key);
      }
    }
  }

  private static void count(ObjectNode report, String part, JsonNode each) {
    ObjectNode counts = (ObjectNode) report.path(part);
    String outcome = Fields.text(each, "outcome");
    counts.put(outcome, counts.path(outcome).asInt() + 1);
  }

  private static void refuse(ArrayNode refused, String ref, String what, JsonNode each) {
    refused
        .addObject()
        .put("organization", ref)
        .put("what", what)
        .put("reason", Fields.text(each, "reason"));
  }

  private void print(ObjectNode report) {
    for (JsonNode each : report.path("refused")) {
      terminal.say(
          "%s: %s: refused: %s"
              .formatted(
                  Fields.text(each, "organization"),
                  Fields.text(each, "what"),
                  Fields.text(each, "reason")));
    }
    for (String part : PARTS) {
      JsonNode counts = report.path(part);
      terminal.print(
          "%s: %d %s, %d here already, %d refused"
              .formatted(
                  part,
                  counts.path("imported").asInt(),
                  dryRun ? "would be imported" : "imported",
                  counts.path("present").asInt(),
                  counts.path("refused").asInt()));
    }
  }
}
