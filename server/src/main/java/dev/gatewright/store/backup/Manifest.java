package dev.gatewright.store.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The first entry of a backup: what the others are.
///
/// @param version of the program that wrote it
/// @param createdAt when its snapshot was taken
/// @param store `sqlite` or `postgres`
/// @param schema version of the newest migration that had run
/// @param sha256 of each other entry, in hexadecimal, by name
public record Manifest(
    String version, Instant createdAt, String store, String schema, Map<String, String> sha256) {
  static final String NAME = "manifest.json";
  static final int BYTES_MAX = 1 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  public Manifest {
    sha256 = Map.copyOf(sha256);
  }

  /// As it stands in the file, and as `--json` shows it.
  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", version);
    json.put("created_at", createdAt.toString());
    json.put("store", store);
    json.put("schema", schema);
    ObjectNode sums = json.putObject("sha256");
    new TreeMap<>(sha256).forEach(sums::put);
    return json;
  }

  /// @param known versions of migrations, oldest first
  /// @throws BackupFailed when a newer program than this wrote it
  void requireKnown(List<String> known) {
    if (schema.compareTo(known.getLast()) > 0) {
      throw new BackupFailed(
          "it is of a newer version (%s) than this program: restore it with that one"
              .formatted(version));
    }
  }

  /// @throws BackupFailed when it is not a manifest
  static Manifest parse(byte[] text) {
    try {
      JsonNode json = JSON.readTree(text);
      Map<String, String> sums = new TreeMap<>();
      json.path("sha256")
          .properties()
          .forEach(sum -> sums.put(sum.getKey(), sum.getValue().asText()));
      return new Manifest(
          json.path("version").asText(),
          Instant.parse(json.path("created_at").asText()),
          json.path("store").asText(),
          json.path("schema").asText(),
          sums);
    } catch (JacksonException | DateTimeParseException unreadable) {
      throw new BackupFailed("its manifest.json cannot be read: this is no backup of Gatewright");
    } catch (java.io.IOException impossible) {
      throw new BackupFailed("its manifest.json cannot be read");
    }
  }
}
