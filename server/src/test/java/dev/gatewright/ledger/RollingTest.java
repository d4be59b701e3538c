package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A roll-out across a change of the log's form, and back again, with calls all the while.
class RollingTest {
  /// Its log stays as it is written, for others to read.
  private static final LedgerConfig UNPROJECTED =
      new LedgerConfig(
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofMillis(1),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          Duration.ofHours(1));

  private final Collection<String> closed = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void rolling_forth_and_back_loses_nothing_and_counts_nothing_twice(int form) throws Exception {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES)) {
      Database ours = store.database();
      List<OlderBuild> old = new ArrayList<>();
      old.add(OlderBuild.start(ours, form));
      old.add(OlderBuild.start(ours, form));

      // Forth: one of two is replaced, then the other.
      old.get(0).close();
      Load first = Load.start(LedgerTest.start(ours), closed);
      first.run(300);
      assertThat(formWritten(ours, first.ledger)).isEqualTo(form);
      assertThat(payloads(ours, first.ledger, EntryWriter.FORM + "\n")).isZero();
      old.get(1).close();
      FaultyDatabase dying = new FaultyDatabase(ours);
      Load second =
          Load.start(
              Ledger.start(dying, Time.system(), UNPROJECTED, Projector.FailPoint.NONE), closed);
      Await.until(() -> formWritten(ours, first.ledger) == EntryWriter.FORM);
      Await.until(() -> formWritten(ours, second.ledger) == EntryWriter.FORM);
      second.run(300);

      // Back: an old one comes while the new form is being written.
      old.add(OlderBuild.start(ours, form));
      Await.until(() -> formWritten(ours, first.ledger) == form);
      first.run(300);
      first.close();
      second.stop();
      TestAttempts.opened(second.ledger);
      dying.pause();

      // Only an old one is left, beside the log of a dead new one; then the new come again.
      OlderBuild alone = old.get(2);
      int before = alone.closed.size();
      Await.until(() -> alone.closed.size() > before + 50);
      Load third = Load.start(LedgerTest.start(ours), closed);
      third.run(100);
      alone.close();
      Await.until(() -> formWritten(ours, third.ledger) == EntryWriter.FORM);
      Await.until(() -> ids(TestAttempts.rows(ours), "interrupted").size() == 1);
      third.close();
      dying.resume();
      second.ledger.close();

      Set<String> expected = new TreeSet<>(closed);
      old.forEach(build -> expected.addAll(build.closed));
      List<Row> rows = TestAttempts.rows(ours);
      assertThat(ids(rows, "completed")).isEqualTo(expected);
      assertThat(rows).hasSize(expected.size() + 1);
      assertThat(TestAttempts.count(ours, "instance")).isZero();
      assertThat(TestAttempts.count(ours, "attempt_projection")).isZero();
    }
  }

  /// Calls on one ledger, from a thread of their own.
  private record Load(
      Ledger ledger, Thread thread, Collection<String> closed, AtomicBoolean stopping) {
    static Load start(Ledger ledger, Collection<String> closed) {
      AtomicBoolean stopping = new AtomicBoolean();
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                while (!stopping.get()) {
                  call(ledger, closed);
                }
              });
      return new Load(ledger, thread, closed, stopping);
    }

    private static void call(Ledger ledger, Collection<String> closed) {
      Attempt attempt = TestAttempts.opened(ledger);
      ledger.attempts().close(attempt, TestAttempts.outcome(1));
      closed.add(attempt.id());
    }

    void run(int more) {
      int before = closed.size();
      Await.until(() -> closed.size() >= before + more);
    }

    void stop() throws InterruptedException {
      stopping.set(true);
      thread.join();
    }

    void close() throws InterruptedException {
      stop();
      ledger.close();
    }
  }

  private static Set<String> ids(List<Row> rows, String outcome) {
    Set<String> ids = new TreeSet<>();
    rows.stream().filter(row -> row.outcome().equals(outcome)).forEach(row -> ids.add(row.id()));
    return ids;
  }

  private static int formWritten(Database database, Ledger ledger) {
    return database.read(handle ->
        handle
            .createQuery("SELECT form_written FROM instance WHERE id = ?")
            .bind(0, ledger.instanceId())
            .mapTo(Integer.class)
            .one());
  }

  private static long payloads(Database database, Ledger ledger, String prefix) {
    return database.read(handle ->
        handle
            .createQuery("SELECT count(*) FROM attempt_log WHERE instance = ? AND payload LIKE ?")
            .bind(0, ledger.instanceId())
            .bind(1, prefix + "%")
            .mapTo(Long.class)
            .one());
  }
}
