package dev.gatewright.store.backup;

import dev.gatewright.store.Database;
import dev.gatewright.store.Migrations;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Every table's rows in PostgreSQL's own copy form, all of one snapshot. Tables are made by the
/// migrations of the program that puts them back, up to the version the snapshot had; what is newer
/// runs then, on the rows.
final class PostgresCopier implements Copier {
  private static final String SUFFIX = ".copy";

  private final PostgresAddress address;

  PostgresCopier(PostgresAddress address) {
    this.address = address;
  }

  @Override
  public String store() {
    return "postgres";
  }

  @Override
  public Snapshot take(Path folder) {
    Map<String, Path> files = new LinkedHashMap<>();
    try (Connection connection = address.unhurried().getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (String table : tables(connection)) {
        Path file = folder.resolve(table + SUFFIX);
        try (OutputStream out = Files.newOutputStream(file)) {
          out.write(
              (String.join(",", columns(connection, table)) + "\n")
                  .getBytes(StandardCharsets.UTF_8));
          copy.copyOut("COPY " + table + " TO STDOUT", out);
        }
        files.put(table + SUFFIX, file);
      }
      connection.rollback();
    } catch (SQLException | IOException e) {
      throw new BackupFailed("%s cannot be read: %s".formatted(address, e.getMessage()), e);
    }
    List<String> applied = Migrations.applied(address.unhurried(), Database.Kind.POSTGRES);
    return new Snapshot(applied.getLast(), files);
  }

  @Override
  public @Nullable String put(Manifest manifest, Path folder, @Nullable String beforeMoment) {
    manifest.requireKnown(Migrations.known(address.unhurried(), Database.Kind.POSTGRES));
    if (Migrations.applied(address.unhurried(), Database.Kind.POSTGRES).isEmpty()) {
      fill(manifest, folder);
      return null;
    }
    if (beforeMoment == null) {
      throw new BackupFailed(
          "the database at %s is not empty: --replace keeps what it holds aside"
              .formatted(address));
    }
    PostgresAside aside = new PostgresAside(address, beforeMoment);
    aside.move();
    try {
      fill(manifest, folder);
    } catch (BackupFailed | StoreFailed failed) {
      aside.back();
      throw failed;
    }
    return "schema " + aside.schema();
  }

  private void fill(Manifest manifest, Path folder) {
    Migrations.upTo(address.unhurried(), Database.Kind.POSTGRES, manifest.schema());
    try (Connection connection = address.unhurried().getConnection()) {
      connection.setAutoCommit(false);
      fill(connection, folder);
      connection.commit();
    } catch (SQLException | IOException e) {
      throw new BackupFailed("%s cannot be filled: %s".formatted(address, e.getMessage()), e);
    }
    Migrations.upTo(address.unhurried(), Database.Kind.POSTGRES, null);
  }

  private void fill(Connection connection, Path folder) throws SQLException, IOException {
    List<String> tables = tables(connection);
    try (Statement statement = connection.createStatement()) {
      // Some migrations write rows, which the copies hold as well.
      // Row by row: tables that let nothing be deleted are empty yet, and a TRUNCATE they refuse
      // even so.
      for (String table : tables.reversed()) {
        statement.execute("DELETE FROM " + table);
      }
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (String table : tables) {
        Path file = folder.resolve(table + SUFFIX);
        if (!Files.isRegularFile(file)) {
          throw new BackupFailed("it holds no rows of the table " + table);
        }
        try (InputStream in = Files.newInputStream(file)) {
          String columns = line(in);
          if (!columns.equals(String.join(",", columns(connection, table)))) {
            throw new BackupFailed(
                "the table %s had other columns: restore it with the version that wrote it"
                    .formatted(table));
          }
          copy.copyIn("COPY " + table + " (" + columns + ") FROM STDIN", in);
        }
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n' && line.length() < 10_000; ) {
      line.append((char) c);
    }
    return line.toString();
  }

  /// In an order in which rows can be put back: what others refer to comes first.
  private static List<String> tables(Connection connection) throws SQLException {
    List<String> all =
        names(
            connection,
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
              AND table_name <> 'schema_history'
            ORDER BY table_name\
            """);
    List<String> ordered = new ArrayList<>();
    List<String> waiting = new ArrayList<>(all);
    while (!waiting.isEmpty()) {
      int before = waiting.size();
      for (String table : List.copyOf(waiting)) {
        List<String> parents =
            names(
                connection,
                """
                SELECT DISTINCT parent.relname FROM pg_constraint c
                JOIN pg_class child ON child.oid = c.conrelid
                JOIN pg_class parent ON parent.oid = c.confrelid
                JOIN pg_namespace n ON n.oid = child.relnamespace
                WHERE c.contype = 'f' AND n.nspname = current_schema()
                  AND child.relname = '%s' AND parent.relname <> child.relname\
                """
                    .formatted(table));
        if (ordered.containsAll(parents)) {
          ordered.add(table);
          waiting.remove(table);
        }
      }
      if (waiting.size() == before) {
        throw new BackupFailed("tables refer to each other in a circle: " + waiting);
      }
    }
    return ordered;
  }

  private static List<String> columns(Connection connection, String table) throws SQLException {
    return names(
        connection,
        """
        SELECT column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = '%s'
        ORDER BY ordinal_position\
        """
            .formatted(table));
  }

  private static List<String> names(Connection connection, String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }
}
