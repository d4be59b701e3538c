package dev.gatewright.store.backup;

import dev.gatewright.store.PostgresAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// What a PostgreSQL database holds, moved into another schema of it and, if need be, back: no row
/// is copied. One use.
final class PostgresAside {
  /// Tables, and functions that belong to no extension, each as a command that moves it.
  private static final String MOVES =
      """
      SELECT format('ALTER TABLE %%s SET SCHEMA %1$s', c.oid::regclass) FROM pg_class c
      WHERE c.relnamespace = to_regnamespace('%2$s') AND c.relkind IN ('r', 'p')
      UNION ALL
      SELECT format('ALTER FUNCTION %%s SET SCHEMA %1$s', p.oid::regprocedure) FROM pg_proc p
      WHERE p.pronamespace = to_regnamespace('%2$s') AND p.prokind = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')\
      """;

  /// The same things, each as a command that removes it.
  @SuppressWarnings("InlineFormatString") // beside its twin, which is used twice
  private static final String DROPS =
      """
      SELECT format('DROP TABLE IF EXISTS %%s CASCADE', c.oid::regclass) FROM pg_class c
      WHERE c.relnamespace = to_regnamespace('%1$s') AND c.relkind IN ('r', 'p')
      UNION ALL
      SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE', p.oid::regprocedure) FROM pg_proc p
      WHERE p.pronamespace = to_regnamespace('%1$s') AND p.prokind = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')\
      """;

  private final PostgresAddress address;
  private final String aside;

  /// @param moment `20261128T031500Z`
  PostgresAside(PostgresAddress address, String moment) {
    this.address = address;
    this.aside = "before_" + moment.toLowerCase(java.util.Locale.ROOT);
  }

  /// The schema that then holds it.
  String schema() {
    return aside;
  }

  /// @throws BackupFailed when a server works on it
  void move() {
    inOne(connection -> {
      String servers =
          one(
              connection,
              """
              SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
              AND pid <> pg_backend_pid() AND application_name LIKE 'gatewright-%'\
              """);
      if (!servers.equals("0")) {
        throw new BackupFailed("a server works on %s: stop every replica first".formatted(address));
      }
      String here = one(connection, "SELECT current_schema()");
      run(connection, "CREATE SCHEMA " + aside);
      all(connection, MOVES.formatted(aside, here));
    });
  }

  /// Removes what was put in its place, and undoes [#move()].
  void back() {
    inOne(connection -> {
      String here = one(connection, "SELECT current_schema()");
      all(connection, DROPS.formatted(here));
      all(connection, MOVES.formatted(here, aside));
      run(connection, "DROP SCHEMA " + aside);
    });
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }

  private void inOne(Work work) {
    try (Connection connection = address.unhurried().getConnection()) {
      connection.setAutoCommit(false);
      work.on(connection);
      connection.commit();
    } catch (SQLException e) {
      throw new BackupFailed(
          "what %s holds cannot be kept aside: %s".formatted(address, e.getMessage()), e);
    }
  }

  private static String one(Connection connection, String query) throws SQLException {
    return list(connection, query).getFirst();
  }

  /// Runs what a query says.
  private static void all(Connection connection, String query) throws SQLException {
    for (String command : list(connection, query)) {
      run(connection, command);
    }
  }

  private static void run(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
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
