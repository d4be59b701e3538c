package dev.gatewright.testbed.isolation;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Every row of the store that names the attacked tenant, as text.
record StoreDump(Path file) {
  /// What moves by itself or is nobody's: the feed, the log, sums, sign-ins that were tried.
  private static final Set<String> MOVING =
      Set.of(
          "change",
          "change_head",
          "instance",
          "attempt_log",
          "attempt_batch",
          "usage_rollup",
          "usage_coarse",
          "usage_fold",
          "usage_changed",
          "usage_attempt",
          // A member may ask for one of what it may see, whatever it names.
          "usage_export",
          "login_flow",
          "auth_count",
          "session",
          "ticket",
          "schema_history");

  private static final Set<String> COLUMNS_MOVING = Set.of("last_used_millis", "uses");

  Map<String, List<String>> of(String organizationId) throws SQLException {
    Map<String, List<String>> dump = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        List<String> rows = new ArrayList<>();
        try (ResultSet all = statement.executeQuery("SELECT * FROM " + table)) {
          while (all.next()) {
            String row = text(all);
            if (row.contains(organizationId)) {
              rows.add(row);
            }
          }
        }
        rows.sort(null);
        dump.put(table, rows);
      }
    }
    return dump;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet names =
        statement.executeQuery(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
      while (names.next()) {
        if (!MOVING.contains(names.getString(1))) {
          tables.add(names.getString(1));
        }
      }
    }
    return tables;
  }

  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      String column = row.getMetaData().getColumnName(i);
      if (!COLUMNS_MOVING.contains(column)) {
        text.append(column).append('=').append(row.getString(i)).append('|');
      }
    }
    return text.toString();
  }
}
