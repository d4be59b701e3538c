package dev.gatewright.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Columns for reading; numbers stand to the right.
public final class TextTable {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... head) {
    this.head = List.of(head);
  }

  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /// A row for each object of a list, of these fields of it.
  public void rows(JsonNode list, String... fields) {
    for (JsonNode each : list) {
      row(Arrays.stream(fields).map(field -> Fields.text(each, field)).toArray(String[]::new));
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  public void print(Terminal terminal) {
    int[] widths = new int[head.size()];
    measure(widths, head);
    rows.forEach(row -> measure(widths, row));
    terminal.print(line(widths, head));
    rows.forEach(row -> terminal.print(line(widths, row)));
  }

  private static void measure(int[] widths, List<String> cells) {
    Arrays.setAll(widths, i -> Math.max(widths[i], cells.get(i).length()));
  }

  private String line(int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String space = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : "  ").append(numeric(i) ? space + cell : cell + space);
    }
    return line.toString().stripTrailing();
  }

  private static boolean numeral(int c) {
    return c == '.' || Character.isDigit(c);
  }

  private boolean numeric(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).chars().allMatch(TextTable::numeral))
        && rows.stream().anyMatch(row -> !row.get(column).isEmpty());
  }
}
