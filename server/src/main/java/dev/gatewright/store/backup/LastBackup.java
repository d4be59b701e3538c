package dev.gatewright.store.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.store.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A note in the data folder of when this installation was last copied, for `gatewright doctor`.
///
/// @param at when the copy's snapshot was taken
/// @param file where the copy was written
public record LastBackup(Instant at, String file) {
  static final String NAME = "backup.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Writes it. A folder that cannot be written is no reason for a copy to fail.
  void write(Path dataFolder) {
    if (!Files.isDirectory(dataFolder)) {
      return;
    }
    try {
      Path note = DataFolder.of(dataFolder).privateFile(NAME);
      Files.writeString(
          note,
          JSON.writeValueAsString(Map.of("at", at.toString(), "file", file)) + "\n",
          StandardCharsets.UTF_8);
    } catch (IOException | DataFolder.Unusable _) {
      // Whoever may read the store need not be the one who owns its folder.
    }
  }

  /// @return null where no copy is known of
  public static @Nullable LastBackup read(Path dataFolder) {
    try {
      JsonNode note = JSON.readTree(dataFolder.resolve(NAME).toFile());
      return new LastBackup(Instant.parse(note.path("at").asText()), note.path("file").asText("?"));
    } catch (IOException | DateTimeParseException none) {
      return null;
    }
  }
}
