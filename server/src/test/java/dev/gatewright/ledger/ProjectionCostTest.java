package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.log.AttemptLogStore;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.projection.LogRowsStore;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Random;

/// What it costs to turn logged attempts into rows and sums: printed, not judged.
/// `-Dprojection.attempts=200000` makes the figures steady.
class ProjectionCostTest {
  private static final int ATTEMPTS = Integer.getInteger("projection.attempts", 5_000);
  private static final int PER_ROW = 40;

  @EachDatabase
  void projects_a_busy_half_minute(Database database) {
    AttemptLogStore log = new AttemptLogStore(database);
    for (int round = 0; round < 3; round++) {
      String instance = "ins_" + round;
      int written = write(database, log, instance, round);
      Projector projector =
          new Projector(
              database,
              new InstanceStore(database),
              new LogRowsStore(database),
              Pricing.NONE,
              new Poster(Time.system()),
              () -> {},
              Projector.FailPoint.NONE);
      long cpu = cpuNanos();
      long wall = System.nanoTime();
      projector.projectAll();
      System.out.printf(
          "%s: %d attempts, %.2f µs of CPU in this process each, %.2f µs of time%n",
          database.kind(),
          written,
          (cpuNanos() - cpu) / 1_000.0 / written,
          (System.nanoTime() - wall) / 1_000.0 / written);
    }
    assertThat(TestAttempts.count(database, "usage_attempt")).isEqualTo(3L * rows() * PER_ROW);
  }

  private static int rows() {
    return Math.ceilDiv(ATTEMPTS, PER_ROW);
  }

  private static int write(Database database, AttemptLogStore log, String instance, int round) {
    AttemptIds ids = new AttemptIds();
    Random random = new Random(round);
    new InstanceStore(database).register(instance, EntryWriter.FORM, 0);
    EntryWriter writer = new EntryWriter();
    for (int seq = 1; seq <= rows(); seq++) {
      writer.reset(EntryWriter.FORM);
      for (int i = 0; i < PER_ROW; i++) {
        long started = 1_700_000_000_000L + 1_000_000L * round + seq * 3L;
        String id = ids.next(started);
        Opening opening = opening(random, started);
        writer.opened(id, opening, 0, false, started);
        writer.closed(id, opening, TestAttempts.outcome(random.nextInt(1_000)));
      }
      log.append(instance, seq, writer.text(), EntryWriter.FORM);
    }
    return rows() * PER_ROW;
  }

  private static Opening opening(Random random, long started) {
    int key = random.nextInt(20);
    return new Opening(
        "req_%016x%016x".formatted(random.nextLong(), random.nextLong()),
        0,
        true,
        true,
        TestAttempts.TENANT,
        "key_AbCdEfGh%02d".formatted(key),
        "fast-" + key % 3,
        "local/gpt-4o-mini-" + key % 3,
        "local",
        "/v1/chat/completions",
        random.nextBoolean(),
        false,
        started,
        7);
  }

  /// SQLite works in our threads; PostgreSQL's own are not counted.
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpu = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      if (info != null && !info.getThreadName().contains("Compiler")) {
        cpu += Math.max(0, threads.getThreadCpuTime(id));
      }
    }
    return cpu;
  }
}
