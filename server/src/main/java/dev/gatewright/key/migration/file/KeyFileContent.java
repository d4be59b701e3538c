package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a file of keys holds.
///
/// @param rows other gates' keys
/// @param exported this product's own, as `gatewright export keys` wrote them; each has its `line`
/// @param refused rows that say nothing usable
/// @param leftOut names of fields that were there and cannot be carried over
public record KeyFileContent(
    KeyFileFormat format,
    List<ImportRow> rows,
    List<ObjectNode> exported,
    List<RefusedRow> refused,
    List<String> leftOut) {

  public KeyFileContent {
    rows = List.copyOf(rows);
    exported = List.copyOf(exported);
    refused = List.copyOf(refused);
    leftOut = List.copyOf(leftOut);
  }

  static final class Builder {
    private final KeyFileFormat format;
    private final List<ImportRow> rows = new ArrayList<>();
    private final List<ObjectNode> exported = new ArrayList<>();
    private final List<RefusedRow> refused = new ArrayList<>();
    private final SortedSet<String> leftOut = new TreeSet<>();
    private final Map<String, Integer> linesByKey = new HashMap<>();

    Builder(KeyFileFormat format) {
      this.format = format;
    }

    /// The same key twice is one key and one refusal: which of the two is meant nobody can say, so
    /// the first stands, as a person reading the file would find it.
    void add(ImportRow row) {
      String identity = row.key() != null ? "k" + row.key() : "h" + row.sha256();
      Integer before = linesByKey.putIfAbsent(identity, row.line());
      if (before == null) {
        rows.add(row);
      } else {
        refuse(row.line(), ImportRow.prefix(row.key()), "the same key as in line " + before);
      }
    }

    void addExported(ObjectNode key) {
      exported.add(key);
    }

    void refuse(int line, String prefix, String reason) {
      refused.add(new RefusedRow(line, prefix, reason));
    }

    void leaveOut(String field) {
      leftOut.add(field);
    }

    KeyFileContent build() {
      return new KeyFileContent(format, rows, exported, refused, List.copyOf(leftOut));
    }
  }
}
