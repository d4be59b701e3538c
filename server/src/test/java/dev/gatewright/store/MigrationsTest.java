package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  @Test
  void both_databases_have_the_same_tables_and_columns() {
    try (TestStore sqlite = TestStore.fresh(Database.Kind.SQLITE);
        TestStore postgres = TestStore.fresh(Database.Kind.POSTGRES)) {
      List<String> columns = columns(sqlite.database(), SQLITE);

      assertThat(columns(postgres.database(), POSTGRES)).isEqualTo(columns);
      assertThat(columns).contains("change_head.seq BIGINT not null");
    }
  }

  @Test
  void both_databases_have_the_same_migrations() throws Exception {
    assertThat(files("postgres")).isEqualTo(files("sqlite")).isNotEmpty();
  }

  @Test
  void running_twice_changes_nothing() {
    try (TestStore store = TestStore.unmigrated(Database.Kind.SQLITE)) {
      List<String> before = columns(store.database(), SQLITE);
      store.database().close();

      assertThat(columns(store.open(), SQLITE)).isEqualTo(before);
    }
  }

  private static final String SQLITE =
      """
      SELECT m.name AS tab, p.name AS col, p.type AS typ, p."notnull" AS needed
      FROM sqlite_master m, pragma_table_info(m.name) p
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_history'\
      """;

  private static final String POSTGRES =
      """
      SELECT table_name AS tab, column_name AS col, data_type AS typ,
             CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS needed
      FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> 'schema_history'\
      """;

  private static List<String> columns(Database database, String sql) {
    return database.read(handle ->
        handle
            .createQuery(sql)
            .map((row, _) ->
                "%s.%s %s%s"
                    .formatted(
                        row.getString("tab"),
                        row.getString("col"),
                        type(row.getString("typ")),
                        row.getInt("needed") == 1 ? " not null" : ""))
            .stream()
            .sorted()
            .toList());
  }

  /// SQLite's row number must be called INTEGER; it has 64 bits all the same.
  private static String type(String type) {
    String upper = type.toUpperCase(Locale.ROOT);
    return upper.equals("INTEGER") ? "BIGINT" : upper;
  }

  private static List<String> files(String kind) throws IOException, URISyntaxException {
    URL folder =
        Objects.requireNonNull(Migrations.class.getClassLoader().getResource("db/" + kind));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
