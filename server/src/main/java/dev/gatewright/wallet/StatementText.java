package dev.gatewright.wallet;

import dev.gatewright.ledger.Usd;

/// A statement as a table. What stands in it is ours alone: dates, kinds, amounts.
final class StatementText {
  private StatementText() {}

  static String csv(Statement statement) {
    StringBuilder text = new StringBuilder("day,kind,usd\r\n");
    text.append(statement.month())
        .append("-01,opening,")
        .append(Usd.text(statement.opening()))
        .append("\r\n");
    statement
        .lines()
        .forEach(line ->
            text.append(line.day())
                .append(',')
                .append(line.kind())
                .append(',')
                .append(Usd.text(line.nano()))
                .append("\r\n"));
    return text.append(statement.month().atEndOfMonth())
        .append(",closing,")
        .append(Usd.text(statement.closing()))
        .append("\r\n")
        .toString();
  }

  static String html(Statement statement) {
    StringBuilder rows = new StringBuilder();
    row(rows, statement.month() + "-01", "opening", statement.opening());
    statement.lines().forEach(line -> row(rows, line.day().toString(), line.kind(), line.nano()));
    row(rows, statement.month().atEndOfMonth().toString(), "closing", statement.closing());
    return """
    <!doctype html>
    <html lang="en"><meta charset="utf-8"><title>Statement %s</title>
    <h1>Statement %s</h1>
    <p>UTC, USD%s</p>
    <table><tr><th>Day</th><th>Kind</th><th>USD</th></tr>
    %s</table></html>
    """
        .formatted(
            statement.month(),
            statement.month(),
            statement.finished() ? "" : "; the month is not over",
            rows);
  }

  private static void row(StringBuilder rows, String day, String kind, long nano) {
    rows.append(
        "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n".formatted(day, kind, Usd.text(nano)));
  }
}
