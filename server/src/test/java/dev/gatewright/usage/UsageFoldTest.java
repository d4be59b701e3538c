package dev.gatewright.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.TestAttempts;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.ProjectionStore;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Coarse sums are what the fine ones are, whoever writes these and when.
class UsageFoldTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long BEGIN_MILLIS = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli();
  private static final long END_MILLIS = BEGIN_MILLIS + 48 * HOUR_MILLIS;

  private final AttemptIds ids = new AttemptIds();
  private int made;

  private Closed call(long startedMillis, int key) {
    Opening opening =
        new Opening(
            "req_%032x".formatted(made++),
            0,
            true,
            true,
            new Tenant("org_1", "prj_1"),
            "key_" + key,
            "m",
            "p/m",
            "p",
            "/v1/messages",
            false,
            false,
            startedMillis,
            3);
    return new Closed(ids.next(startedMillis), opening, TestAttempts.outcome(7), null);
  }

  private void calls(Database database, long hourMillis, int keys) {
    List<Closed> calls =
        IntStream.range(0, keys).mapToObj(key -> call(hourMillis + key, key)).toList();
    database.write(handle -> {
      new ProjectionStore().add(handle, calls);
      return true;
    });
  }

  private static UsageFold at(Database database, long nowMillis, int fineMin) {
    Time time = new Time(() -> Instant.ofEpochMilli(nowMillis), System::nanoTime);
    return new UsageFold(database, time, fineMin);
  }

  private static void all(UsageFold fold) throws InterruptedException {
    boolean more;
    do {
      more = fold.round();
    } while (more);
  }

  /// By hour, and by day.
  private static List<Long> requests(Database database) {
    UsageStore store = new UsageStore(database);
    UsageScope scope = new UsageScope("org_1", null, false, BEGIN_MILLIS, END_MILLIS);
    return List.of(UsageStep.HOUR, UsageStep.DAY).stream()
        .map(step -> new UsageSteps(step, ZoneOffset.UTC, BEGIN_MILLIS, END_MILLIS))
        .map(steps -> new UsageQuestion(scope, UsageFilter.NONE, List.of(UsageGroup.KEY), steps))
        .map(question -> store.sums(question).data().stream().mapToLong(UsageSum::requests).sum())
        .toList();
  }

  private static long count(Database database, String from) {
    return TestAttempts.count(database, from);
  }

  private static long coarse(Database database, int step) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM usage_coarse"
                    + " WHERE shape = 5 AND step_minutes = "
                    + step)
            .mapTo(Long.class)
            .one());
  }

  /// The statement of the projection is that of versions which know nothing of coarse sums.
  @EachDatabase
  void what_is_added_to_a_folded_hour_is_counted_at_once_and_folded_again(Database database)
      throws InterruptedException {
    calls(database, BEGIN_MILLIS + 5 * HOUR_MILLIS, 3);
    calls(database, BEGIN_MILLIS + 9 * HOUR_MILLIS, 3);
    try (UsageFold fold = at(database, END_MILLIS, 1)) {
      all(fold);
      assertThat(count(database, "usage_changed")).isZero();
      assertThat(coarse(database, 60)).isEqualTo(6);
      assertThat(coarse(database, 1_440)).isEqualTo(6);
      // Read, and not only written: what nobody else would say shows.
      database.write(handle ->
          handle.execute("UPDATE usage_coarse SET first_attempts = first_attempts + 100"));
      assertThat(requests(database)).containsExactly(606L, 306L);
      calls(database, BEGIN_MILLIS + 5 * HOUR_MILLIS, 2);
      assertThat(requests(database)).containsExactly(5 + 303L, 8L);
      all(fold);
      assertThat(requests(database)).containsExactly(5 + 303L, 8L);
      assertThat(coarse(database, 60)).isEqualTo(8);
      assertThat(count(database, "usage_changed")).isZero();
    }
  }

  @EachDatabase
  void a_writer_that_commits_while_its_hour_is_folded_is_not_forgotten(Database database)
      throws Exception {
    calls(database, BEGIN_MILLIS, 3);
    try (UsageFold fold = at(database, END_MILLIS, 1)) {
      all(fold);
      calls(database, BEGIN_MILLIS, 1);
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch commit = new CountDownLatch(1);
      List<Closed> late = List.of(call(BEGIN_MILLIS, 9), call(BEGIN_MILLIS + HOUR_MILLIS, 9));
      CompletableFuture<Boolean> writer =
          CompletableFuture.supplyAsync(() ->
              database.write(handle -> {
                new ProjectionStore().add(handle, late);
                written.countDown();
                return await(commit);
              }));
      assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
      // SQLite has one writer, so it is folded before or after.
      if (database.kind() == Database.Kind.POSTGRES) {
        all(fold);
        assertThat(requests(database)).containsExactly(4L, 4L);
      }
      commit.countDown();
      assertThat(writer.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(requests(database)).containsExactly(6L, 6L);
      all(fold);
      assertThat(requests(database)).containsExactly(6L, 6L);
      assertThat(coarse(database, 60)).isEqualTo(6);
      assertThat(coarse(database, 1_440)).isEqualTo(6);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @EachDatabase
  void what_was_there_before_is_folded_from_where_it_was_left(Database database)
      throws InterruptedException {
    for (int hour = 0; hour < 30; hour++) {
      calls(database, BEGIN_MILLIS + hour * HOUR_MILLIS, 2);
    }
    database.write(
        handle -> handle.execute("DELETE FROM usage_changed WHERE start_millis < ?", BEGIN_MILLIS));
    for (int times = 0; coarse(database, 60) < 60; times++) {
      UsageFold ended = at(database, END_MILLIS, 1);
      ended.close();
      // Whoever is told to end does one hour more.
      ended.round();
      assertThat(requests(database)).containsExactly(60L, 60L);
      assertThat(times).isLessThan(100);
    }
    try (UsageFold fold = at(database, END_MILLIS, 1)) {
      all(fold);
    }
    assertThat(coarse(database, 1_440)).isEqualTo(60);
    assertThat(count(database, "usage_fold WHERE since_millis = 0")).isEqualTo(1);
  }

  @EachDatabase
  void a_running_day_is_folded_when_it_is_over(Database database) throws InterruptedException {
    calls(database, BEGIN_MILLIS + HOUR_MILLIS, 2);
    try (UsageFold fold = at(database, BEGIN_MILLIS + 3 * HOUR_MILLIS, 1)) {
      all(fold);
      calls(database, BEGIN_MILLIS + 2 * HOUR_MILLIS, 2);
      all(fold);
    }
    calls(database, BEGIN_MILLIS + 4 * HOUR_MILLIS, 2);
    assertThat(requests(database)).containsExactly(6L, 6L);
    try (UsageFold fold = at(database, BEGIN_MILLIS + 6 * HOUR_MILLIS, 1)) {
      all(fold);
    }
    assertThat(requests(database)).containsExactly(6L, 6L);
    assertThat(coarse(database, 60)).isEqualTo(6);
    try (UsageFold fold = at(database, END_MILLIS, 1)) {
      all(fold);
    }
    assertThat(requests(database)).containsExactly(6L, 6L);
    assertThat(coarse(database, 1_440)).isEqualTo(6);
    assertThat(count(database, "usage_changed")).isZero();
  }

  @EachDatabase
  void few_sums_are_left_as_they_are_until_they_are_many(Database database)
      throws InterruptedException {
    calls(database, BEGIN_MILLIS, 2);
    try (UsageFold fold = at(database, END_MILLIS, 5)) {
      all(fold);
      assertThat(count(database, "usage_fold")).isZero();
      assertThat(count(database, "usage_changed")).isZero();
      calls(database, BEGIN_MILLIS + HOUR_MILLIS, 5);
      all(fold);
    }
    assertThat(coarse(database, 60)).isEqualTo(7);
    assertThat(requests(database)).containsExactly(7L, 7L);
  }
}
