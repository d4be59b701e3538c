package dev.gatewright.testbed;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The usage rows as they stand in the store: what the gate will bill, read past the gate.
final class UsageRows {
  /// @param outcome `completed`, `cancelled`, `failed` or `interrupted`
  /// @param cost by list price, nano-USD; -1 = it has none
  /// @param billed from a wallet, nano-USD
  /// @param upstreamId what the provider called it; empty = it did not say
  record Row(
      String requestId,
      int ordinal,
      String model,
      String target,
      int status,
      String outcome,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String source,
      long cost,
      long billed,
      String upstreamId) {}

  private UsageRows() {}

  static List<Row> sqlite(Path data) throws SQLException {
    return read("jdbc:sqlite:" + data.resolve("gatewright.db"));
  }

  static List<Row> read(String jdbcUrl) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT request_id, ordinal, model, target, status, outcome, input_tokens,
                  output_tokens, cached_tokens, source, COALESCE(cost_nano, -1),
                  billed_nano, upstream_request_id
                FROM usage_attempt ORDER BY id
                """)) {
      while (found.next()) {
        rows.add(
            new Row(
                found.getString(1),
                found.getInt(2),
                found.getString(3),
                found.getString(4),
                found.getInt(5),
                found.getString(6),
                found.getLong(7),
                found.getLong(8),
                found.getLong(9),
                found.getString(10),
                found.getLong(11),
                found.getLong(12),
                found.getString(13) == null ? "" : found.getString(13)));
      }
    }
    return rows;
  }
}
