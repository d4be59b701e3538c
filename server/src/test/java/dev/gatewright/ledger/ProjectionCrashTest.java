package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.log.AttemptLogStore;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.projection.LogRowsStore;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// Projection and takeover, broken off at random places, come out the same.
class ProjectionCrashTest {
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Set<String> closed = new TreeSet<>();
  private final Set<String> open = new TreeSet<>();
  private final AttemptIds ids = new AttemptIds();

  @EachDatabase
  void each_entry_is_projected_once_wherever_it_breaks_off(Database database) {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    AttemptLogStore log = new AttemptLogStore(database);
    for (int instance = 0; instance < 3; instance++) {
      write(database, log, "ins_" + instance, random);
    }
    int broken = 0;
    for (boolean done = false; !done; ) {
      done = projected(database, random);
      broken += done ? 0 : 1;
    }

    assertThat(broken).as("seed %d", seed).isPositive();
    check(database, seed);
  }

  @EachDatabase
  void two_that_project_at_once_project_once(TestStore store) {
    Database database = store.database();
    Random random = new Random(7);
    AttemptLogStore log = new AttemptLogStore(database);
    for (int instance = 0; instance < 3; instance++) {
      write(database, log, "ins_" + instance, random);
    }
    Projector one =
        new Projector(
            database,
            new InstanceStore(database),
            new LogRowsStore(database),
            Pricing.NONE,
            new Poster(Time.system()),
            () -> {},
            Projector.FailPoint.NONE);
    Projector two =
        new Projector(
            database,
            new InstanceStore(database),
            new LogRowsStore(database),
            Pricing.NONE,
            new Poster(Time.system()),
            () -> {},
            Projector.FailPoint.NONE);
    CompletableFuture<Void> other = CompletableFuture.runAsync(two::projectAll);
    one.projectAll();
    other.join();

    check(database, 7);
  }

  private void check(Database database, long seed) {
    List<Row> rows = TestAttempts.rows(database);
    assertThat(ids(rows, "completed")).as("seed %d", seed).isEqualTo(closed);
    assertThat(ids(rows, "interrupted")).as("seed %d", seed).isEqualTo(open);
    assertThat(rows).hasSize(closed.size() + open.size());
    assertThat(sum(database, "completed")).isEqualTo(closed.size());
    assertThat(sum(database, "interrupted")).isEqualTo(open.size());
    assertThat(TestAttempts.count(database, "attempt_log")).isZero();
    assertThat(TestAttempts.count(database, "instance")).isZero();
  }

  private static Set<String> ids(List<Row> rows, String outcome) {
    Set<String> ids = new TreeSet<>();
    rows.stream().filter(row -> row.outcome().equals(outcome)).forEach(row -> ids.add(row.id()));
    return ids;
  }

  private static boolean projected(Database database, Random random) {
    Projector.FailPoint failPoint =
        _ -> {
          if (random.nextInt(4) == 0) {
            throw new Broken();
          }
        };
    try {
      new Projector(
              database,
              new InstanceStore(database),
              new LogRowsStore(database),
              Pricing.NONE,
              new Poster(Time.system()),
              () -> {},
              failPoint)
          .projectAll();
      return true;
    } catch (Broken _) {
      return false;
    }
  }

  /// A log of many rows, of an instance that died.
  private void write(Database database, AttemptLogStore log, String instance, Random random) {
    new InstanceStore(database).register(instance, EntryWriter.FORM, 0);
    EntryWriter writer = new EntryWriter();
    List<String> live = new ArrayList<>();
    for (int seq = 1; seq <= 100; seq++) {
      writer.reset(EntryWriter.FORM);
      for (int i = random.nextInt(5); i >= 0; i--) {
        String id = ids.next(1_000_000L * seq);
        live.add(id);
        writer.opened(id, TestAttempts.opening(), 0, false, 0);
      }
      while (!live.isEmpty() && random.nextInt(4) != 0) {
        String id = live.remove(random.nextInt(live.size()));
        closed.add(id);
        writer.closed(id, TestAttempts.opening(), TestAttempts.outcome(1));
      }
      assertThat(log.append(instance, seq, writer.text())).isTrue();
    }
    open.addAll(live);
    new InstanceStore(database).fenceSelf(instance);
    assertThat(log.append(instance, 101, writer.text())).isFalse();
  }

  private static long sum(Database database, String column) {
    return database.read(handle ->
        handle
            .createQuery("SELECT SUM(" + column + ") FROM usage_rollup WHERE step_minutes = 15")
            .mapTo(Long.class)
            .one());
  }
}
