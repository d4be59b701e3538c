package dev.gatewright.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// What can be wrong with a PostgreSQL that answers, as one look on a connection of its own sees
/// it; for `gatewright doctor`.
///
/// @param nowMillis its clock
/// @param fsync false = a power cut may lose what was committed
/// @param connectionsFree how many more it takes now
/// @param brokenIndexes indexes whose making was broken off: they cost and are not used
public record PostgresFaults(
    long nowMillis, boolean fsync, int connectionsFree, List<String> brokenIndexes) {
  /// A statement becomes a prepared one of the server at its fifth use: [#losesStatements] uses it
  /// more often.
  private static final int USES = 8;

  /// A pooler with one connection lets the two wait for each other.
  private static final int PATIENCE_SECONDS = 5;

  /// @throws StoreFailed when it cannot be reached
  public static PostgresFaults look(PostgresAddress address) {
    try (Connection connection = address.unhurried().getConnection()) {
      return new PostgresFaults(
          Long.parseLong(
              one(
                  connection,
                  "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")),
          one(connection, "SHOW fsync").equals("on"),
          Integer.parseInt(
              one(
                  connection,
                  """
                  SELECT CAST(current_setting('max_connections') AS INTEGER)
                    - CAST(current_setting('superuser_reserved_connections') AS INTEGER)
                    - count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'\
                  """)),
          list(
              connection,
              """
              SELECT indexrelid::regclass::text FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              WHERE NOT indisvalid AND c.relnamespace = to_regnamespace(current_schema())
              ORDER BY 1\
              """));
    } catch (SQLException e) {
      throw new StoreFailed("it cannot be looked at: " + e.getMessage(), e);
    }
  }

  /// Whether something between here and there loses prepared statements: a pooler in transaction
  /// mode that does not follow them hands each transaction to whatever connection is free.
  public static boolean losesStatements(PostgresAddress address) {
    try (Connection one = address.unhurried().getConnection();
        Connection other = address.unhurried().getConnection();
        var first = one.prepareStatement("SELECT 1 WHERE 1 = ?");
        var second = other.prepareStatement("SELECT 2 WHERE 1 = ?")) {
      other.setAutoCommit(false);
      first.setQueryTimeout(PATIENCE_SECONDS);
      second.setQueryTimeout(PATIENCE_SECONDS);
      for (int i = 0; i < USES; i++) {
        first.setInt(1, 1);
        first.executeQuery().close();
        second.setInt(1, 1);
        // A transaction that stays open keeps the server connection the other one had.
        second.executeQuery().close();
        first.executeQuery().close();
        other.rollback();
      }
      return false;
    } catch (SQLException e) {
      // 26000: the statement is not there; 42P05: it is there already, somebody else's; 08P01: it
      // is another one.
      return List.of("26000", "42P05", "08P01").contains(String.valueOf(e.getSQLState()));
    }
  }

  private static String one(Connection connection, String query) throws SQLException {
    return list(connection, query).getFirst();
  }

  private static List<String> list(Connection connection, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
