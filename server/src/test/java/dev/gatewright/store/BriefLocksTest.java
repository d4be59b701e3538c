package dev.gatewright.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class BriefLocksTest {
  /// The version of a migration that makes an index of transfers.
  private static final String OF_TRANSFERS = "202611281300";

  private static final String TAKE = "LOCK TABLE transfer IN ROW EXCLUSIVE MODE";

  /// A long transaction has the table a migration wants. Others who want it as the first one does
  /// get it all the while, and the migration once the first is gone.
  @Test
  void a_migration_that_waits_for_a_table_keeps_nobody_waiting() throws Exception {
    DataSource source = TestPostgres.emptyDatabase().unhurried();
    List<String> known = Migrations.known(source, Database.Kind.POSTGRES);
    Migrations.upTo(source, Database.Kind.POSTGRES, known.get(known.indexOf(OF_TRANSFERS) - 1));
    assertThat(Migrations.pending(source, Database.Kind.POSTGRES)).contains(OF_TRANSFERS);

    CompletableFuture<List<String>> migration;
    try (Connection holder = source.getConnection()) {
      holder.setAutoCommit(false);
      run(holder, TAKE);
      migration =
          CompletableFuture.supplyAsync(
              () -> Migrations.upTo(source, Database.Kind.POSTGRES, OF_TRANSFERS));
      for (int waited = 0; waited < 2; waited++) {
        awaitWaiting(source, 1);
        try (Connection other = source.getConnection()) {
          other.setAutoCommit(false);
          run(other, "SET LOCAL lock_timeout = '10s'");
          run(other, TAKE);
        }
        awaitWaiting(source, 0);
      }
      assertThat(migration).isNotDone();
    }
    assertThat(migration.get(60, TimeUnit.SECONDS)).containsExactly(OF_TRANSFERS);
    assertThat(Migrations.pending(source, Database.Kind.POSTGRES)).doesNotContain(OF_TRANSFERS);
  }

  private static void awaitWaiting(DataSource source, int count) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (waiting(source) != count) {
      assertThat(System.nanoTime()).as("%d wait", count).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static int waiting(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'transfer'::regclass")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
