package dev.gatewright.ledger;

import static dev.gatewright.ledger.TestAttempts.FAST;
import static dev.gatewright.ledger.TestAttempts.count;
import static dev.gatewright.ledger.TestAttempts.opened;
import static dev.gatewright.ledger.TestAttempts.outcome;
import static dev.gatewright.ledger.TestAttempts.refused;
import static dev.gatewright.ledger.TestAttempts.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.ledger.projection.Projector.FailPoint;
import dev.gatewright.ledger.projection.RollupNames;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class LedgerTest {
  @EachDatabase
  void a_closed_attempt_is_one_row(Database database) {
    try (Ledger ledger = start(database)) {
      Attempt attempt = opened(ledger);
      ledger.attempts().close(attempt, outcome(42));
      ledger.attempts().close(attempt, outcome(43));
      Await.until(() -> project(ledger, database).size() == 1);

      assertThat(rows(database))
          .containsExactly(
              new Row(attempt.id(), attempt.opening().requestId(), "completed", 42, "provider"));
      assertThat(count(database, "usage_rollup WHERE step_minutes = 60")).isEqualTo(1);
    }
    assertThat(rows(database)).hasSize(1);
    assertThat(count(database, "instance")).isZero();
    assertThat(count(database, "attempt_log")).isZero();
  }

  @EachDatabase
  void what_is_queued_at_the_stop_is_written(Database database) {
    List<Attempt> attempts = new ArrayList<>();
    try (Ledger ledger = start(database)) {
      for (int i = 0; i < 3_000; i++) {
        attempts.add(
            ledger
                .attempts()
                .open(TestAttempts.opening(), ImmediateEventExecutor.INSTANCE, _ -> {}));
      }
      attempts.forEach(attempt -> ledger.attempts().close(attempt, outcome(1)));
    }
    assertThat(rows(database).stream().map(Row::id))
        .containsExactlyInAnyOrderElementsOf(attempts.stream().map(Attempt::id).toList());
  }

  @EachDatabase
  void an_attempt_open_at_the_stop_is_interrupted_and_billed_by_its_checkpoint(Database database) {
    Ledger ledger = start(database);
    Attempt attempt = opened(ledger);
    attempt.counted(17);
    long rows = ledger.rowsWritten();
    Await.until(() -> ledger.rowsWritten() > rows);
    ledger.close();

    assertThat(rows(database))
        .containsExactly(
            new Row(attempt.id(), attempt.opening().requestId(), "interrupted", 17, "counted"));
  }

  @EachDatabase
  void old_rows_go_while_a_long_attempt_stays_open(Database database) {
    try (Ledger ledger = start(database)) {
      Attempt slow = opened(ledger);
      for (int i = 0; i < 50; i++) {
        ledger.attempts().close(opened(ledger), outcome(i));
      }
      Await.until(() -> rows(database).size() == 50);
      Await.until(() -> count(database, "attempt_log") < 5);

      ledger.attempts().close(slow, outcome(1));
    }
    assertThat(rows(database)).hasSize(51).allMatch(row -> row.outcome().equals("completed"));
  }

  @EachDatabase
  void a_store_that_fails_refuses_new_calls_and_drops_nothing(Database database) {
    FaultyDatabase faulty = new FaultyDatabase(database);
    try (Ledger ledger = start(faulty)) {
      List<Attempt> before = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        before.add(opened(ledger));
      }
      faulty.failWrites(true);
      assertThat(refused(ledger)).hasMessageContaining("asked for");
      assertThat(ledger.attempts().accepting()).isFalse();
      before.forEach(attempt -> ledger.attempts().close(attempt, outcome(5)));
      assertThat(refused(ledger)).isNotNull();

      faulty.failWrites(false);
      Await.until(() -> ledger.attempts().accepting());
      ledger.attempts().close(opened(ledger), outcome(5));
    }
    assertThat(rows(database)).hasSize(21).allMatch(row -> row.outcome().equals("completed"));
  }

  @EachDatabase
  void a_commit_of_unknown_result_is_looked_up(Database database) {
    FaultyDatabase faulty = new FaultyDatabase(database);
    try (Ledger ledger = start(faulty)) {
      Attempt attempt = opened(ledger);
      faulty.failAfterNextCommit();
      ledger.attempts().close(attempt, outcome(5));
      Await.until(() -> faulty.failedAfterCommit() && ledger.attempts().accepting());

      faulty.failAfterNextCommit();
      assertThat(refused(ledger)).isNotNull();
      Await.until(() -> ledger.attempts().accepting());
    }
    assertThat(rows(database)).hasSize(1).allMatch(row -> row.outcome().equals("completed"));
  }

  @EachDatabase
  void a_dead_process_leaves_its_open_attempts_interrupted(TestStore store) {
    FaultyDatabase dying = new FaultyDatabase(store.database());
    Ledger dead = start(dying);
    Attempt closed = opened(dead);
    Attempt open = opened(dead);
    dead.attempts().close(closed, outcome(3));
    Await.until(() -> dead.figures().open() == 1);
    dying.pause();

    try (Ledger next = start(store.database())) {
      Await.until(() -> project(next, store.database()).size() == 2);
      // Both may have begun within one millisecond: then their ids are in no order.
      assertThat(rows(store.database()))
          .extracting(Row::id, Row::outcome)
          .containsExactlyInAnyOrder(
              tuple(closed.id(), "completed"), tuple(open.id(), "interrupted"));
    } finally {
      dying.resume();
      dead.close();
    }
    assertThat(rows(store.database())).hasSize(2);
  }

  @EachDatabase
  void an_opening_at_ease_is_durable_once_it_is_awaited(Database database) {
    LedgerConfig slow =
        new LedgerConfig(
            FAST.commitEvery(),
            Duration.ofHours(1),
            FAST.gather(),
            FAST.renewEvery(),
            FAST.expireAfter(),
            Duration.ofHours(1),
            Duration.ofHours(1),
            FAST.projectEvery(),
            FAST.projectWithin());
    try (Ledger ledger = Ledger.start(database, Time.system(), slow, FailPoint.NONE)) {
      opened(ledger);
      CompletableFuture<Boolean> durable = new CompletableFuture<>();
      Attempt attempt =
          ledger
              .attempts()
              .openAtEase(
                  TestAttempts.opening(),
                  ImmediateEventExecutor.INSTANCE,
                  cause -> durable.complete(cause == null));
      assertThat(durable).isNotDone();
      ledger.attempts().awaited(attempt);

      assertThat(TestAttempts.get(durable)).isTrue();
      LedgerFigures figures = ledger.figures();
      assertThat(figures.open()).isEqualTo(2);
      assertThat(figures.commits()).isPositive();
      assertThat(figures.failed()).isZero();
    }
  }

  @EachDatabase
  void names_beyond_so_many_are_summed_as_other(Database database) {
    try (Ledger ledger = start(database)) {
      for (int i = 0; i < RollupNames.NAMES_MAX + 50; i++) {
        Attempt attempt =
            ledger
                .attempts()
                .open(TestAttempts.openingOf("any-" + i), ImmediateEventExecutor.INSTANCE, _ -> {});
        ledger.attempts().close(attempt, outcome(1));
      }
      ledger.projector().projectAll();
    }
    assertThat(rows(database)).hasSize(RollupNames.NAMES_MAX + 50);
    List<String> names =
        database.read(handle ->
            handle
                .createQuery(
                    "SELECT model FROM usage_rollup WHERE step_minutes = 60 AND (attempts > 1 OR model = 'other')")
                .mapTo(String.class)
                .list());
    assertThat(names).containsExactly("other");
    assertThat(count(database, "usage_rollup WHERE step_minutes = 60"))
        .isEqualTo(RollupNames.NAMES_MAX + 1);
  }

  static Ledger start(Database database) {
    return Ledger.start(database, Time.system(), FAST, FailPoint.NONE);
  }

  static List<Row> project(Ledger ledger, Database database) {
    ledger.projector().projectAll();
    return rows(database);
  }
}
