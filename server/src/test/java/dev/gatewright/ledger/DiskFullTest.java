package dev.gatewright.ledger;

import static dev.gatewright.ledger.TestAttempts.opened;
import static dev.gatewright.ledger.TestAttempts.outcome;
import static dev.gatewright.ledger.TestAttempts.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.ledger.projection.Projector.FailPoint;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskFullTest {
  /// Nothing is projected meanwhile, so the log only grows.
  private static final LedgerConfig UNPROJECTED =
      new LedgerConfig(
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofHours(1));

  @Test
  void a_full_disk_refuses_new_calls_drops_nothing_and_recovers() {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      Database database = store.database();
      List<String> ids = new ArrayList<>();
      try (Ledger ledger = Ledger.start(database, Time.system(), UNPROJECTED, FailPoint.NONE)) {
        List<Attempt> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          open.add(opened(ledger));
        }
        limitPages(database, pages(database));
        Throwable refusal = null;
        for (int i = 0; i < 1_000 && refusal == null; i++) {
          refusal = refused(ledger);
        }
        assertThat(refusal).hasMessageContaining("full");
        assertThat(ledger.attempts().accepting()).isFalse();
        open.forEach(attempt -> ledger.attempts().close(attempt, outcome(5)));
        assertThat(refused(ledger)).isNotNull();
        assertThat(ledger.attempts().accepting()).isFalse();

        limitPages(database, 1_000_000);
        Await.until(() -> ledger.attempts().accepting());
        open.forEach(attempt -> ids.add(attempt.id()));
      }
      assertThat(TestAttempts.rows(database).stream().filter(r -> r.outcome().equals("completed")))
          .extracting(Row::id)
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  private static long pages(Database database) {
    return database.read(handle -> handle.createQuery("PRAGMA page_count").mapTo(Long.class).one());
  }

  private static void limitPages(Database database, long pages) {
    long limit =
        database.write(handle ->
            handle.createQuery("PRAGMA max_page_count = " + pages).mapTo(Long.class).one());
    assertThat(limit).isEqualTo(pages);
  }
}
