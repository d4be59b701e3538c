package dev.gatewright.ledger;

import static dev.gatewright.ledger.TestAttempts.opened;
import static dev.gatewright.ledger.TestAttempts.outcome;
import static dev.gatewright.ledger.TestAttempts.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestStore;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Several instances on one PostgreSQL.
class FencingTest {
  @Test
  void a_paused_instance_that_comes_back_writes_no_more_and_starts_anew() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      FaultyDatabase pausable = new FaultyDatabase(store.database());
      Database healthy = store.open();
      try (Ledger zombie = LedgerTest.start(pausable);
          Ledger other = LedgerTest.start(healthy)) {
        String before = zombie.instanceId();
        Attempt open = opened(zombie);
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        open.onLost(() -> told.complete(true));
        Attempt ended = opened(zombie);
        ended.onLost(() -> told.completeExceptionally(new AssertionError("it had ended")));
        pausable.pause();
        CompletableFuture<@Nullable Throwable> late = new CompletableFuture<>();
        zombie
            .attempts()
            .open(TestAttempts.opening(), ImmediateEventExecutor.INSTANCE, late::complete);
        zombie.attempts().close(ended, outcome(99));
        Await.until(() -> LedgerTest.project(other, healthy).size() == 2);
        pausable.resume();

        assertThat(TestAttempts.get(late)).as("an opening of a fenced instance").isNotNull();
        Await.until(() -> zombie.attempts().accepting());
        assertThat(zombie.instanceId()).isNotEqualTo(before);
        assertThat(rows(healthy)).allMatch(row -> row.outcome().equals("interrupted"));
        // Its call goes on, and nobody records it any more.
        assertThat(TestAttempts.get(told)).isTrue();
        zombie.attempts().close(open, outcome(99));

        Attempt again = opened(zombie);
        zombie.attempts().close(again, outcome(5));
        Await.until(() -> LedgerTest.project(zombie, healthy).size() == 3);
        assertThat(rows(healthy).stream().map(Row::id))
            .containsExactlyInAnyOrder(open.id(), ended.id(), again.id());
      } finally {
        pausable.resume();
      }
      assertThat(rows(healthy)).hasSize(3);
    }
  }

  @Test
  void a_live_instance_is_never_taken_over() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      try (Ledger first = LedgerTest.start(ours);
          Ledger second = LedgerTest.start(store.open())) {
        String one = first.instanceId();
        String two = second.instanceId();
        Attempt open = opened(first);
        // Long enough for a lease to end that nobody renews.
        long beats = beats(ours, one);
        Await.until(() -> beats(ours, one) > beats + 12);

        assertThat(first.instanceId()).isEqualTo(one);
        assertThat(second.instanceId()).isEqualTo(two);
        first.attempts().close(open, outcome(5));
        Await.until(() -> LedgerTest.project(second, ours).size() == 1);
        assertThat(rows(ours).getFirst().outcome()).isEqualTo("completed");
      }
    }
  }

  @Test
  void replicas_that_race_for_a_dead_one_record_each_attempt_once() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      for (int round = 1; round <= 3; round++) {
        FaultyDatabase dying = new FaultyDatabase(ours);
        Ledger dead = LedgerTest.start(dying);
        for (int i = 0; i < 30; i++) {
          opened(dead);
        }
        dying.pause();
        int expected = 30 * round;
        try (Ledger first = LedgerTest.start(ours);
            Ledger second = LedgerTest.start(store.open())) {
          Await.until(() -> rows(ours).size() >= expected);
          first.projector().projectAll();
          second.projector().projectAll();
        }
        dying.resume();
        dead.close();

        assertThat(rows(ours)).hasSize(expected).allMatch(r -> r.outcome().equals("interrupted"));
        assertThat(sum(ours)).isEqualTo(expected);
      }
    }
  }

  private static long beats(Database database, String instance) {
    return database.read(handle ->
        handle
            .createQuery("SELECT beat FROM instance WHERE id = ?")
            .bind(0, instance)
            .mapTo(Long.class)
            .one());
  }

  private static long sum(Database database) {
    return database.read(handle ->
        handle
            .createQuery("SELECT SUM(interrupted) FROM usage_rollup WHERE step_minutes = 15")
            .mapTo(Long.class)
            .one());
  }
}
