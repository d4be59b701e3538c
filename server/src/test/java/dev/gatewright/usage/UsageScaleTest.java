package dev.gatewright.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What sums of 90 days and pages of calls take over many rows: 50 keys, 12 models. With
/// `-Dgatewright.usage.rows=10000000` it is a measurement, whose figures it prints; with few rows
/// it only looks that they are all counted.
class UsageScaleTest {
  private static final long ROWS = Long.getLong("gatewright.usage.rows", 20_000);
  private static final long DAY_MILLIS = 86_400_000;
  private static final int DAYS = 90;
  private static final long BEGIN_MILLIS = Instant.parse("2026-08-01T00:00:00Z").toEpochMilli();
  private static final int ROUNDS = ROWS > 1_000_000 ? 20 : 3;

  @EachDatabase
  void ninety_days_are_summed_from_few_rows(Database database) {
    long began = System.nanoTime();
    database.write(handle -> {
      UsageRows.fill(handle, database.kind(), ROWS, BEGIN_MILLIS, DAYS * DAY_MILLIS);
      return true;
    });
    System.out.printf(
        Locale.ROOT, "%s: %,d rows filled in %,d ms%n", database.kind(), ROWS, since(began));
    UsageStore store = new UsageStore(database);
    for (String zone : List.of("UTC", "Europe/Berlin", "Asia/Kathmandu")) {
      measured(database, "by day in " + zone, () -> sums(store, UsageStep.DAY, zone));
    }
    measured(
        database,
        "by model and day in Berlin",
        () -> sums(store, UsageStep.DAY, "Europe/Berlin", UsageGroup.MODEL));
    measured(
        database,
        "by key and model",
        () -> sums(store, null, "UTC", UsageGroup.KEY, UsageGroup.MODEL));
    measured(database, "by month in Berlin", () -> sums(store, UsageStep.MONTH, "Europe/Berlin"));
    UsageScope all = new UsageScope("org_1", null, false, 0, Long.MAX_VALUE);
    UsageFilter key = UsageFilter.ofSums("key_7", null, null, null, null);
    measured(
        database,
        "page of events",
        () -> store.attempts(all, UsageFilter.NONE, UsageApi.NEWEST, 50).rows().size());
    measured(
        database,
        "page of one key's events",
        () -> store.attempts(all, key, UsageApi.NEWEST, 50).rows().size());
  }

  private static long sums(
      UsageStore store, @Nullable UsageStep step, String zone, UsageGroup... groups) {
    long to = BEGIN_MILLIS + DAYS * DAY_MILLIS;
    UsageScope scope = new UsageScope("org_1", null, false, BEGIN_MILLIS, to);
    UsageSteps steps =
        step == null ? null : new UsageSteps(step, ZoneId.of(zone), BEGIN_MILLIS, to);
    List<UsageGroup> by = groups.length == 0 && step == null ? List.of() : List.of(groups);
    long requests = 0;
    for (UsageSum sum : store.sums(new UsageQuestion(scope, UsageFilter.NONE, by, steps)).data()) {
      requests += sum.requests();
    }
    assertThat(requests).isEqualTo(ROWS);
    return requests;
  }

  private interface Question {
    long ask();
  }

  private static void measured(Database database, String what, Question question) {
    List<Long> millis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      assertThat(question.ask()).isPositive();
      millis.add(since(began));
    }
    Collections.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%s: %s: p50 %d ms, p95 %d ms%n",
        database.kind(),
        what,
        millis.get(ROUNDS / 2),
        millis.get((int) (ROUNDS * 0.95)));
  }

  private static long since(long beganNanos) {
    return Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
  }
}
