package dev.gatewright.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewright.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// `audit-anchors.jsonl` in the data folder: an anchor a line, oldest first. When it has grown to
/// its limit it becomes `audit-anchors.1.jsonl`, in place of the one before; a later anchor says
/// all that an earlier one does. For one thread.
final class AnchorFile {
  private static final String NAME = "audit-anchors.jsonl";
  private static final String FORMER = "audit-anchors.1.jsonl";
  private static final long BYTES_MAX = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final DataFolder folder;

  AnchorFile(DataFolder folder) {
    this.folder = folder;
  }

  void append(AuditAnchor anchor) throws IOException {
    Path file = folder.privateFile(NAME);
    if (Files.size(file) >= BYTES_MAX) {
      Files.move(file, folder.file(FORMER), StandardCopyOption.REPLACE_EXISTING);
      file = folder.privateFile(NAME);
    }
    Files.writeString(file, anchor.toJson() + "\n", StandardOpenOption.APPEND);
  }

  /// The newest anchors of a chain, in this file alone.
  ///
  /// @param most no more than these
  List<AuditAnchor> newest(String organizationId, int most) throws IOException {
    Path file = folder.file(NAME);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<AuditAnchor> found = new ArrayList<>();
    try (Stream<String> lines = Files.lines(file)) {
      lines
          .filter(line -> line.contains(organizationId))
          .forEach(line -> {
            try {
              AuditAnchor anchor = JSON.readValue(line, AuditAnchor.class);
              if (organizationId.equals(anchor.organizationId())) {
                found.add(anchor);
              }
            } catch (JsonProcessingException halfWritten) {
              // The line that was being written when the power went.
            }
          });
    }
    return found.subList(Math.max(0, found.size() - most), found.size());
  }
}
