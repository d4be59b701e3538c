package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.testbed.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

// Each test starts with the store it is about.
@SuppressWarnings("NullAway.Init")
class SchemaHistoryStoreTest {
  private TestStore store;
  private DataSource source;
  private Database.Kind kind;

  private void start(Database.Kind kind) {
    this.kind = kind;
    store = TestStore.unmigrated(kind);
    source =
        switch (kind) {
          case SQLITE ->
              SqliteConnections.forMigrations(
                  store.config().dataFolder().resolve(SqliteDatabase.FILE));
          case POSTGRES -> Objects.requireNonNull(store.config().postgres()).unhurried();
        };
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_new_database_is_flyways_to_make() {
    start(Database.Kind.SQLITE);

    assertThat(current()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void a_database_that_was_migrated_is_current(Database.Kind kind) {
    start(kind);

    Migrations.run(source, kind);

    assertThat(current()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void a_migration_that_has_not_run_or_has_failed_is_left_to_flyway(Database.Kind kind)
      throws SQLException {
    start(kind);
    Migrations.run(source, kind);
    String newest = Migrations.applied(source, kind).getLast();

    change("UPDATE schema_history SET success = %s".formatted(no()), newest);
    assertThat(current()).isFalse();

    change("DELETE FROM schema_history", newest);
    assertThat(current()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void an_edited_migration_still_stops_the_start(Database.Kind kind) throws SQLException {
    start(kind);
    Migrations.run(source, kind);

    change(
        "UPDATE schema_history SET checksum = checksum + 1",
        Migrations.applied(source, kind).getFirst());

    assertThat(current()).isFalse();
    assertThatThrownBy(() -> Migrations.run(source, kind)).isInstanceOf(StoreFailed.class);
  }

  @ParameterizedTest
  @EnumSource
  void what_a_newer_program_has_run_does_no_harm_and_what_is_missing_does(Database.Kind kind)
      throws SQLException {
    start(kind);
    Migrations.run(source, kind);
    String newest = Migrations.applied(source, kind).getLast();

    String copy =
        """
        INSERT INTO schema_history SELECT installed_rank + %d, '%s', description, type, script,
          checksum, installed_by, installed_on, execution_time, success FROM schema_history\
        """;
    change(copy.formatted(1000, "299901010000"), newest);
    assertThat(current()).isTrue();

    change(copy.formatted(2000, "200001010000"), newest);
    assertThat(current()).isFalse();
  }

  private boolean current() {
    return SchemaHistoryStore.isCurrent(
        source, kind == Database.Kind.SQLITE ? "db/sqlite" : "db/postgres");
  }

  private String no() {
    return kind == Database.Kind.SQLITE ? "0" : "FALSE";
  }

  private void change(String sql, String version) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql + " WHERE version = '" + version + "'")).isOne();
    }
  }
}
