package dev.gatewright.usage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows as a table in text (RFC 4180), for spreadsheets: a cell of text that a spreadsheet would
/// take for a formula begins with a `'`.
final class UsageCsv {
  private static final String FORMULA = "=+-@\t\r";

  private UsageCsv() {}

  /// @param rows all with the same fields
  static byte[] bytes(List<String> head, List<Map<String, Object>> rows) {
    StringBuilder text = new StringBuilder();
    head(text, head);
    rows.forEach(row -> row(text, head, row));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static void head(StringBuilder text, List<String> head) {
    text.append(String.join(",", head)).append("\r\n");
  }

  static void row(StringBuilder text, List<String> head, Map<String, Object> row) {
    for (int i = 0; i < head.size(); i++) {
      text.append(i == 0 ? "" : ",");
      cell(text, row.get(head.get(i)));
    }
    text.append("\r\n");
  }

  private static void cell(StringBuilder text, @Nullable Object value) {
    switch (value) {
      case null -> {
        // An empty cell.
      }
      case Number number -> text.append(number);
      case Boolean flag -> text.append(flag);
      case Map<?, ?> counts ->
          text(
              text,
              String.join(
                  " ",
                  counts.entrySet().stream()
                      .map(each -> each.getKey() + "=" + each.getValue())
                      .toList()));
      case List<?> words ->
          text(text, String.join(" ", words.stream().map(String::valueOf).toList()));
      default -> text(text, value.toString());
    }
  }

  private static void text(StringBuilder text, String value) {
    String safe = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    text.append(quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe);
  }
}
