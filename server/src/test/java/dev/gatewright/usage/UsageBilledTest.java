package dev.gatewright.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Rung;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.ProjectionStore;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What statements tell apart by model, against the rows of single calls.
class UsageBilledTest {
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe");

  /// Berlin and Lord Howe change their clocks in it.
  private static final long BEGIN_MILLIS = Instant.parse("2026-09-20T00:00:00Z").toEpochMilli();

  private static final int DAYS = 60;

  private final AttemptIds ids = new AttemptIds();

  @EachDatabase
  void sums_are_what_the_rows_say_and_stay_without_them(Database database) {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Closed> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      calls.add(call(random, i));
    }
    database.write(handle -> {
      new ProjectionStore().add(handle, calls);
      return true;
    });
    Map<String, Map<String, Long>> before = new TreeMap<>();
    for (String zone : ZONES) {
      Map<String, Long> counted = new TreeMap<>();
      database
          .read(handle ->
              handle
                  .createQuery(
                      """
                      SELECT started_millis, model, billed_nano FROM usage_attempt
                      WHERE organization_id = 'org_0' AND test = 0 AND billed_nano > 0\
                      """)
                  .map((row, _) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
                  .list())
          .forEach(row -> {
            var at = Instant.ofEpochMilli(Long.parseLong(row.getFirst())).atZone(ZoneId.of(zone));
            if (YearMonth.from(at).equals(YearMonth.of(2026, 10))) {
              counted.merge(
                  at.toLocalDate() + " " + row.get(1), Long.parseLong(row.getLast()), Long::sum);
            }
          });
      assertThat(billed(database, zone)).as("%s, seed %d", zone, seed).isEqualTo(counted);
      before.put(zone, counted);
    }
    database.write(handle -> handle.execute("DELETE FROM usage_attempt"));
    for (String zone : ZONES) {
      assertThat(billed(database, zone)).as("%s, seed %d", zone, seed).isEqualTo(before.get(zone));
    }
  }

  private static Map<String, Long> billed(Database database, String zone) {
    ZoneId of = ZoneId.of(zone);
    long from = YearMonth.of(2026, 10).atDay(1).atStartOfDay(of).toInstant().toEpochMilli();
    long to = YearMonth.of(2026, 11).atDay(1).atStartOfDay(of).toInstant().toEpochMilli();
    return database.read(handle -> UsageStore.billed(handle, "org_0", of, from, to)).stream()
        .collect(
            Collectors.toMap(
                each -> each.day() + " " + each.model(),
                UsageStore.Billed::nano,
                Long::sum,
                TreeMap::new));
  }

  private Closed call(Random random, int number) {
    long nano = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000);
    Opening opening =
        new Opening(
                "req_" + number,
                0,
                true,
                true,
                new Tenant("org_" + random.nextInt(2), "prj_" + random.nextInt(2)),
                "key_" + random.nextInt(3),
                "model_" + random.nextInt(3),
                "a/1",
                "a",
                "/v1/messages",
                false,
                random.nextInt(5) == 0,
                BEGIN_MILLIS + random.nextLong(DAYS * 86_400_000L),
                3,
                Rung.PLATFORM)
            .with(Facets.NONE)
            .with(new Charge("v1", "", true, List.of(new Hold("wal_0", 900_000))));
    return new Closed(
        ids.next(opening.startedMillis()),
        opening,
        new Outcome(End.COMPLETED, 200, Usage.NOTHING, 1, 2, 3, 4),
        new Cost(nano, false, nano, "v1", "catalogue", Map.of()));
  }
}
