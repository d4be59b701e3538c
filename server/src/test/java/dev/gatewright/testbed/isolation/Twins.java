package dev.gatewright.testbed.isolation;

import dev.gatewright.store.Database;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Two tenants with as many rows of the same kinds in every table that statements of tenants speak
/// of: each of the words a statement asks for, and whatever may be null both null and not.
final class Twins {
  static final List<String> TENANTS = List.of("org-one", "org-two");

  /// Of each kind per tenant: with and without what may be null, times the words of a column.
  static final int KINDS = 8;

  private static final String TENANT = "organization_id";
  private static final Map<String, String> REFERENCES =
      Map.of(
          "project_id", "project",
          "person_id", "person",
          "owner_person_id", "person",
          "key_id", "api_key");

  private record Column(String name, boolean number, boolean nullable) {}

  private final Map<String, List<Column>> tables = new TreeMap<>();
  private final Map<String, Map<String, List<String>>> words;

  /// @param words by table and column: literals that statements compare it with
  Twins(Handle handle, Database.Kind kind, Map<String, Map<String, List<String>>> words)
      throws SQLException {
    this.words = words;
    columns(handle.getConnection().getMetaData(), kind);
    unguarded(handle, kind);
    for (String table : words.keySet()) {
      fill(handle, table);
    }
  }

  /// The transaction is never committed, so nothing of it needs to agree.
  private static void unguarded(Handle handle, Database.Kind kind) {
    switch (kind) {
      case SQLITE -> {
        handle.execute("PRAGMA defer_foreign_keys = ON");
        handle
            .createQuery("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .mapTo(String.class)
            .list()
            .forEach(trigger -> handle.execute("DROP TRIGGER " + trigger));
      }
      case POSTGRES -> handle.execute("SET LOCAL session_replication_role = replica");
    }
  }

  private void columns(DatabaseMetaData meta, Database.Kind kind) throws SQLException {
    String schema = kind == Database.Kind.POSTGRES ? "public" : null;
    for (String table : words.keySet()) {
      List<Column> columns = new ArrayList<>();
      try (ResultSet each = meta.getColumns(null, schema, table, null)) {
        while (each.next()) {
          int type = each.getInt("DATA_TYPE");
          columns.add(
              new Column(
                  each.getString("COLUMN_NAME"),
                  type == Types.BIGINT || type == Types.INTEGER,
                  each.getInt("NULLABLE") == DatabaseMetaData.columnNullable));
        }
      }
      if (columns.isEmpty()) {
        throw new AssertionError(table + " is no table");
      }
      tables.put(table, columns);
    }
  }

  private void fill(Handle handle, String table) {
    for (int tenant = 0; tenant < TENANTS.size(); tenant++) {
      int made = 0;
      for (int kind = 0; kind < KINDS; kind++) {
        made += inserted(handle, table, row(table, tenant, kind)) ? 1 : 0;
      }
      if (made == 0) {
        throw new AssertionError("no row fits into " + table);
      }
    }
  }

  /// What a table's own conditions refuse is left out.
  private static boolean inserted(Handle handle, String table, Map<String, @Nullable Object> row) {
    String names = String.join(", ", row.keySet());
    String values = row.keySet().stream().map(name -> ":" + name).collect(Collectors.joining(", "));
    handle.savepoint("row");
    try {
      handle
          .createUpdate("INSERT INTO %s (%s) VALUES (%s)".formatted(table, names, values))
          .bindMap(row)
          .execute();
      handle.releaseSavepoint("row");
      return true;
    } catch (RuntimeException refused) {
      handle.rollbackToSavepoint("row");
      return false;
    }
  }

  private Map<String, @Nullable Object> row(String table, int tenant, int kind) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (Column column : columns(table)) {
      row.put(column.name, value(table, column, tenant, kind));
    }
    return row;
  }

  private @Nullable Object value(String table, Column column, int tenant, int kind) {
    if (column.name.equals(TENANT) || (table.equals("organization") && column.name.equals("id"))) {
      return TENANTS.get(tenant);
    }
    if (column.nullable && kind % 2 == 0) {
      return null;
    }
    List<String> said = words(table, column.name);
    if (!said.isEmpty()) {
      String word = said.get(kind / 2 % said.size());
      return column.number ? (Object) Long.valueOf(word) : word;
    }
    if (column.number) {
      // No two columns alike, and an `amount` above what is `used` of it.
      return 1_000L * (tenant + 1) + 26L * kind - (column.name.charAt(0) - 'a');
    }
    String of = column.name.equals("id") ? table : REFERENCES.get(column.name);
    return "%s-%s-%d".formatted(of == null ? column.name : of, TENANTS.get(tenant), kind);
  }

  private List<String> words(String table, String column) {
    return Objects.requireNonNull(words.get(table)).getOrDefault(column, List.of());
  }

  private List<Column> columns(String table) {
    return Objects.requireNonNull(tables.get(table), table);
  }

  boolean has(String table, String column) {
    return tables.containsKey(table)
        && columns(table).stream().anyMatch(each -> each.name.equals(column));
  }

  /// A value as a row of this tenant and kind has it; where that is null, as the next kind has it.
  Object like(String table, String column, int tenant, int kind) {
    Column found =
        columns(table).stream().filter(each -> each.name.equals(column)).findAny().orElseThrow();
    Object value = value(table, found, tenant, kind);
    return value == null ? Objects.requireNonNull(value(table, found, tenant, kind + 1)) : value;
  }

  /// Takes all of this tenant's away.
  void forget(Handle handle, String tenant) {
    for (String table : tables.keySet()) {
      if (has(table, TENANT)) {
        handle.execute("DELETE FROM " + table + " WHERE " + TENANT + " = ?", tenant);
      }
    }
    handle.execute("DELETE FROM organization WHERE id = ?", tenant);
  }

  /// Rows of these tables that are this tenant's.
  Set<String> rowsOf(Handle handle, Set<String> of, String tenant) {
    Set<String> found = new LinkedHashSet<>();
    for (String table : of) {
      if (has(table, TENANT)) {
        handle
            .createQuery("SELECT * FROM " + table + " WHERE " + TENANT + " = :tenant")
            .bind("tenant", tenant)
            .mapToMap()
            .forEach(row -> found.add(table + new TreeMap<>(row)));
      }
    }
    return found;
  }
}
