package dev.gatewright.key.migration.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts RFC 4180 text into rows of cells. Not thread-safe.
final class CsvCells {
  private final String text;
  private int at;
  private int line = 1;

  CsvCells(String text) {
    this.text = text;
  }

  /// The line the next row begins in, from 1.
  int line() {
    return line;
  }

  /// The next row, or null at the end.
  @Nullable List<String> next() throws KeyFile.WrongShape {
    if (at >= text.length()) {
      return null;
    }
    List<String> cells = new ArrayList<>();
    while (true) {
      cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      if (at >= text.length()) {
        return cells;
      }
      char end = text.charAt(at++);
      if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
      }
      if (end != ',') {
        line++;
        return cells;
      }
    }
  }

  private String plain() {
    int from = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() throws KeyFile.WrongShape {
    int opened = line;
    StringBuilder cell = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == '"';
        if (!doubled) {
          at++;
          plain();
          return cell.toString();
        }
        at++;
      }
      line += c == '\n' ? 1 : 0;
      cell.append(c);
    }
    throw new KeyFile.WrongShape("line %d: a quote is not closed".formatted(opened));
  }
}
