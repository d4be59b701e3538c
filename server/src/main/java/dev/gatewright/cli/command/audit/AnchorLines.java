package dev.gatewright.cli.command.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.audit.AuditAnchor;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads files of anchors: bare ones a line, or an access log in which they stand among others.
final class AnchorLines {
  private static final String IN_LOG = "\"event\":\"audit_anchor\"";

  private AnchorLines() {}

  /// The anchors of a file, of all organizations, as they stand there.
  ///
  /// @throws CommandFailed when it cannot be read, or a line is no JSON
  static List<AuditAnchor> read(Path file) {
    List<AuditAnchor> found = new ArrayList<>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line; (line = lines.readLine()) != null; ) {
        number++;
        boolean request = line.startsWith("{\"time\"") && !line.contains(IN_LOG);
        if (!line.isBlank() && !request) {
          JsonNode node = GateClient.JSON.readTree(line);
          found.add(anchor(node.has("anchor") ? node.path("anchor") : node));
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
    return found;
  }

  private static AuditAnchor anchor(JsonNode node) {
    JsonNode seq = node.path("seq");
    return new AuditAnchor(
        text(node, "organization_id"),
        seq.isIntegralNumber() ? (Long) seq.asLong() : null,
        text(node, "hash"),
        text(node, "at"),
        text(node, "public_key"),
        text(node, "signature"));
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.asText() : null;
  }
}
