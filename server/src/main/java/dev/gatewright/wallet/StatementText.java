package dev.gatewright.wallet;

import dev.gatewright.ledger.Usd;

/// A statement as a table. Names of models are what callers wrote.
final class StatementText {
  private StatementText() {}

  static String csv(Statement statement) {
    StringBuilder text = new StringBuilder("day,kind,model,usd\r\n");
    text.append(statement.month())
        .append("-01,opening,,")
        .append(Usd.text(statement.opening()))
        .append("\r\n");
    statement
        .lines()
        .forEach(line ->
            text.append(line.day())
                .append(',')
                .append(line.kind())
                .append(',')
                .append(quoted(line.model()))
                .append(',')
                .append(Usd.text(line.nano()))
                .append("\r\n"));
    return text.append(statement.month().atEndOfMonth())
        .append(",closing,,")
        .append(Usd.text(statement.closing()))
        .append("\r\n")
        .toString();
  }

  static String html(Statement statement) {
    StringBuilder rows = new StringBuilder();
    row(rows, statement.month() + "-01", "opening", "", statement.opening());
    statement
        .lines()
        .forEach(line -> row(rows, line.day().toString(), line.kind(), line.model(), line.nano()));
    row(rows, statement.month().atEndOfMonth().toString(), "closing", "", statement.closing());
    return """
    <!doctype html>
    <html lang="en"><meta charset="utf-8"><title>Statement %s</title>
    <h1>Statement %s</h1>
    <p>%s, USD%s</p>
    <table><tr><th>Day</th><th>Kind</th><th>Model</th><th>USD</th></tr>
    %s</table></html>
    """
        .formatted(
            statement.month(),
            statement.month(),
            escaped(statement.zone().getId()),
            statement.finished() ? "" : "; the month is not over",
            rows);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// A model's name is the caller's word: no cell begins a formula, none ends before it should.
  private static String quoted(String text) {
    String plain = !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return plain.isEmpty() ? "" : '"' + plain.replace("\"", "\"\"") + '"';
  }

  private static void row(StringBuilder rows, String day, String kind, String model, long nano) {
    rows.append(
        "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n"
            .formatted(day, kind, escaped(model), Usd.text(nano)));
  }
}
