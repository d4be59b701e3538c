package dev.gatewright.tenant.purge;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/// SQL that removes what an organization had, of whatever package: each table with an
/// `organization_id` is found in the database's own catalogue, so that none is forgotten when a
/// table is new.
final class PurgeStore {
  private static final String OWNER = "organization_id";

  /// Those that outlive an organization: who did what; the books; news that are trimmed by
  /// themselves; its own row; and the two that go in the last step.
  private static final Set<String> KEPT =
      Set.of(
          "audit_head",
          "audit_entry",
          "purse",
          "account",
          "transfer",
          "lot",
          "change",
          "first_start",
          "data_key",
          "project");

  private PurgeStore() {}

  /// A table with rows of organizations.
  ///
  /// @param key its primary key's columns
  record Table(String name, List<String> key) {}

  /// All that are emptied step by step, those that point to others before these.
  static List<Table> tables(Handle handle) {
    Connection connection = handle.getConnection();
    try {
      DatabaseMetaData catalogue = connection.getMetaData();
      String schema = connection.getSchema();
      Map<String, Table> owned = new TreeMap<>();
      for (String name : owned(catalogue, schema)) {
        if (!KEPT.contains(name)) {
          owned.put(name, new Table(name, key(catalogue, schema, name)));
        }
      }
      return ordered(catalogue, schema, owned);
    } catch (SQLException failure) {
      throw new IllegalStateException("the catalogue cannot be read", failure);
    }
  }

  /// Table by table: the driver of SQLite asks for all columns at once in one statement, which has
  /// a limit of its own.
  private static Set<String> owned(DatabaseMetaData catalogue, String schema) throws SQLException {
    Set<String> owned = new TreeSet<>();
    Set<String> tables = new TreeSet<>();
    try (ResultSet all = catalogue.getTables(null, schema, "%", new String[] {"TABLE"})) {
      while (all.next()) {
        tables.add(all.getString("TABLE_NAME"));
      }
    }
    for (String table : tables) {
      try (ResultSet columns = catalogue.getColumns(null, schema, table, OWNER)) {
        if (columns.next()) {
          owned.add(table.toLowerCase(Locale.ROOT));
        }
      }
    }
    return owned;
  }

  private static List<String> key(DatabaseMetaData catalogue, String schema, String table)
      throws SQLException {
    Map<Short, String> columns = new TreeMap<>();
    try (ResultSet key = catalogue.getPrimaryKeys(null, schema, table)) {
      while (key.next()) {
        columns.put(key.getShort("KEY_SEQ"), key.getString("COLUMN_NAME"));
      }
    }
    if (columns.isEmpty()) {
      throw new IllegalStateException("table %s has no primary key".formatted(table));
    }
    return List.copyOf(columns.values());
  }

  private static List<Table> ordered(
      DatabaseMetaData catalogue, String schema, Map<String, Table> owned) throws SQLException {
    Map<String, Set<String>> pointsTo = new LinkedHashMap<>();
    for (String name : owned.keySet()) {
      Set<String> targets = new TreeSet<>();
      try (ResultSet keys = catalogue.getImportedKeys(null, schema, name)) {
        while (keys.next()) {
          String target = keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT);
          if (!target.equals(name) && owned.containsKey(target)) {
            targets.add(target);
          }
        }
      }
      pointsTo.put(name, targets);
    }
    List<Table> ordered = new ArrayList<>();
    while (!pointsTo.isEmpty()) {
      // Next is one that no remaining table points to.
      String next =
          pointsTo.keySet().stream()
              .filter(name -> pointsTo.values().stream().noneMatch(all -> all.contains(name)))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("tables in a circle: " + pointsTo));
      ordered.add(owned.get(next));
      pointsTo.remove(next);
    }
    return ordered;
  }

  /// Deletes some of an organization's rows.
  ///
  /// @return how many; fewer than `rowsMax` = there are no more
  static int delete(Handle handle, Table table, String organizationId, int rowsMax) {
    String key = String.join(", ", table.key());
    return handle
        .createUpdate(
            """
            DELETE FROM <table> WHERE organization_id = :organizationId AND (<key>) IN (
              SELECT <key> FROM <table> WHERE organization_id = :organizationId
              ORDER BY <key> LIMIT :max)\
            """)
        .define("table", table.name())
        .define("key", key)
        .bind("organizationId", organizationId)
        .bind("max", rowsMax)
        .execute();
  }

  /// The end: its keys to whatever was sealed, and its projects.
  static void deleteLast(Handle handle, String organizationId) {
    handle
        .createUpdate("DELETE FROM data_key WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .execute();
    handle
        .createUpdate("DELETE FROM project WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .execute();
  }

  /// Those whose time is over, or whose purge was broken off.
  static List<String> due(Handle handle, long deletedBeforeMillis, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT id FROM organization
            WHERE (state = 'deleting' AND deleted_millis <= :before) OR state = 'purging'
            ORDER BY id LIMIT :max\
            """)
        .bind("before", deletedBeforeMillis)
        .bind("max", rowsMax)
        .mapTo(String.class)
        .list();
  }
}
