package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of organizations, cut into requests: the first of each organization brings it whole but
/// for its keys, those that follow bring keys, a batch at a time.
final class TenantFile {
  private static final long BYTES_MAX = 64L << 20;
  private static final int KEYS_MAX = 500;

  /// Well below what the server takes in one body.
  private static final int KEYS_CHARACTERS_MAX = 256 << 10;

  private final Path file;
  private final List<ObjectNode> requests = new ArrayList<>();
  private int keys;

  private TenantFile(Path file) {
    this.file = file;
  }

  /// What to send, in this order.
  ///
  /// @throws CommandFailed for what is no such file
  static List<ObjectNode> requests(Path file) {
    TenantFile read = new TenantFile(file);
    JsonNode organizations = read.tree().path("organizations");
    if (!organizations.isArray()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: no list of organizations (expected: {\"organizations\": [...]})".formatted(file));
    }
    organizations.forEach(read::add);
    return read.requests;
  }

  private JsonNode tree() {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new CommandFailed(
            ExitCode.USAGE, "%s: larger than 64 MiB (expected: split it)".formatted(file));
      }
      return GateClient.JSON.readTree(Files.readString(file));
    } catch (JacksonException notJson) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: not JSON, line %d".formatted(file, notJson.getLocation().getLineNr()));
    } catch (CharacterCodingException notText) {
      throw new CommandFailed(ExitCode.USAGE, "%s: not UTF-8 text".formatted(file));
    } catch (IOException unreadable) {
      throw new CommandFailed(ExitCode.USAGE, "%s: cannot be read".formatted(file));
    }
  }

  private void add(JsonNode given) {
    if (!(given.deepCopy() instanceof ObjectNode organization)) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: an organization that is no object (expected: ref, name, projects, people)"
              .formatted(file));
    }
    requests.add(organization);
    for (JsonNode project : organization.path("projects")) {
      if (project instanceof ObjectNode fields && fields.path("keys").isArray()) {
        ArrayNode rows = (ArrayNode) fields.remove("keys");
        batches(organization, fields, rows);
      }
    }
  }

  private void batches(ObjectNode organization, ObjectNode project, ArrayNode rows) {
    ArrayNode batch = GateClient.JSON.createArrayNode();
    int characters = 0;
    for (JsonNode row : rows) {
      if (row instanceof ObjectNode fields && !fields.has("line")) {
        fields.put("line", ++keys);
      }
      int more = row.toString().length();
      if (!batch.isEmpty()
          && (batch.size() == KEYS_MAX || characters + more > KEYS_CHARACTERS_MAX)) {
        requests.add(request(organization, project, batch));
        batch = GateClient.JSON.createArrayNode();
        characters = 0;
      }
      batch.add(row);
      characters += more;
    }
    if (!batch.isEmpty()) {
      requests.add(request(organization, project, batch));
    }
  }

  private static ObjectNode request(ObjectNode organization, ObjectNode project, ArrayNode keys) {
    ObjectNode only = GateClient.JSON.createObjectNode();
    only.set("ref", organization.path("ref"));
    only.set("name", organization.path("name"));
    ObjectNode theirs = project.deepCopy();
    theirs.set("keys", keys);
    only.putArray("projects").add(theirs);
    return only;
  }
}
