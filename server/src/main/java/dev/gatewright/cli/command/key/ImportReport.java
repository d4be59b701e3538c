package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.key.migration.file.KeyFileContent;
import dev.gatewright.key.migration.file.RefusedRow;
import java.util.HashMap;
import java.util.Map;

/// What became of the rows of a file. Never shows a key: at most its first four characters.
final class ImportReport {
  private final ObjectNode json = GateClient.JSON.createObjectNode();
  private final Map<Integer, String> prefixes = new HashMap<>();
  private final ArrayNode refused;
  private final ArrayNode weak;
  private int imported;
  private int present;

  ImportReport(KeyFileContent content, boolean dryRun) {
    json.put("format", content.format().word());
    json.put("dry_run", dryRun);
    json.put("imported", 0);
    json.put("present", 0);
    refused = json.putArray("refused");
    weak = json.putArray("weak");
    content.leftOut().forEach(json.putArray("left_out")::add);
    for (RefusedRow row : content.refused()) {
      refuse(row.line(), row.prefix(), row.reason());
    }
    for (ImportRow row : content.rows()) {
      prefixes.put(row.line(), ImportRow.prefix(row.key()));
    }
  }

  /// Takes the server's answer to a batch.
  void add(JsonNode answer) {
    for (JsonNode row : answer.path("data")) {
      int line = row.path("line").asInt();
      String prefix = prefixes.getOrDefault(line, "");
      switch (row.path("outcome").asText()) {
        case "imported" -> imported++;
        case "present" -> present++;
        default -> refuse(line, prefix, Fields.text(row, "reason"));
      }
      if (!row.path("weak").isEmpty()) {
        ObjectNode entry = weak.addObject().put("line", line).put("prefix", prefix);
        entry.put("id", Fields.text(row, "id"));
        entry.set("reasons", row.path("weak"));
      }
    }
    json.put("imported", imported);
    json.put("present", present);
  }

  private void refuse(int line, String prefix, String reason) {
    refused.addObject().put("line", line).put("prefix", prefix).put("reason", reason);
  }

  boolean refused() {
    return !refused.isEmpty();
  }

  JsonNode json() {
    return json;
  }

  void print(Terminal terminal) {
    for (JsonNode row : weak) {
      terminal.say("%s: weak: %s".formatted(place(row), Fields.text(row, "reasons")));
    }
    for (JsonNode row : refused) {
      terminal.say("%s: refused: %s".formatted(place(row), Fields.text(row, "reason")));
    }
    if (!json.path("left_out").isEmpty()) {
      terminal.say("not carried over: " + Fields.text(json, "left_out"));
    }
    boolean dryRun = json.path("dry_run").asBoolean();
    terminal.print(
        "%s: %d %s, %d here already, %d refused; %d weak"
            .formatted(
                Fields.text(json, "format"),
                imported,
                dryRun ? "would be imported" : "imported",
                present,
                refused.size(),
                weak.size()));
  }

  private static String place(JsonNode row) {
    String prefix = Fields.text(row, "prefix");
    return "line %d%s"
        .formatted(row.path("line").asInt(), prefix.isEmpty() ? "" : " (" + prefix + ")");
  }
}
