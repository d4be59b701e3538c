package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Comma-separated values (RFC 4180) with a header of `key` or `sha256`, and any of `name`, `user`,
/// `services` (separated by spaces or `;`), `created`, `expires`, `enabled`.
final class CsvRows {
  private static final Set<String> COLUMNS =
      Set.of("key", "sha256", "name", "user", "services", "created", "expires", "enabled");

  private final KeyFileContent.Builder into;

  CsvRows(KeyFileContent.Builder into) {
    this.into = into;
  }

  static boolean looksLikeOne(String content) {
    List<String> header = columns(content.lines().findFirst().orElse(""));
    return header.contains("key") || header.contains("sha256");
  }

  private static List<String> columns(String line) {
    return List.of(line.replace("\"", "").strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1));
  }

  void read(String content) throws KeyFile.WrongShape {
    CsvCells cells = new CsvCells(content);
    List<String> header = cells.next();
    if (header == null) {
      throw new KeyFile.WrongShape("no header (expected: a line that names the columns)");
    }
    List<String> columns = columns(String.join(",", header));
    for (String column : columns) {
      if (!COLUMNS.contains(column)) {
        throw new KeyFile.WrongShape(
            "line 1: a column that is none of ours (expected: key or sha256, name, user, services,"
                + " created, expires, enabled)");
      }
    }
    if (!columns.contains("key") && !columns.contains("sha256")) {
      throw new KeyFile.WrongShape("line 1: neither a column `key` nor `sha256`");
    }
    for (int line = cells.line(); ; line = cells.line()) {
      List<String> row = cells.next();
      if (row == null) {
        return;
      }
      if (row.size() > 1 || !row.getFirst().isBlank()) {
        row(line, columns, row);
      }
    }
  }

  private void row(int line, List<String> columns, List<String> cells) {
    if (cells.size() != columns.size()) {
      into.refuse(line, "", "%d cells (expected: %d)".formatted(cells.size(), columns.size()));
      return;
    }
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!cells.get(i).isBlank()) {
        row.put(columns.get(i), cells.get(i).strip());
      }
    }
    String key = row.get("key");
    try {
      if (key == null && row.get("sha256") == null) {
        throw new FieldText.Wrong("neither key nor sha256");
      }
      into.add(row(line, key, row));
    } catch (FieldText.Wrong wrong) {
      into.refuse(line, ImportRow.prefix(key), wrong.reason());
    }
  }

  private static ImportRow row(int line, @Nullable String key, Map<String, String> row)
      throws FieldText.Wrong {
    String name = row.get("name");
    String services = row.get("services");
    List<@Nullable String> ids =
        services == null ? null : FieldNames.of("services", TextNode.valueOf(services));
    if (ids != null) {
      ids.replaceAll(id -> id == null ? null : id.toLowerCase(Locale.ROOT));
    }
    return new ImportRow(
        line,
        key,
        key == null ? row.get("sha256") : null,
        name == null ? row.get("user") : name,
        row.get("user"),
        ids,
        null,
        FieldText.time("created", row.get("created")),
        null,
        FieldText.time("expires", row.get("expires")),
        FieldText.flag("enabled", row.get("enabled")));
  }
}
