package dev.gatewright.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Sums against counting one by one.
class UsageStoreTest {
  private static final long DAYS_MILLIS = 3 * 86_400_000L;
  private static final long BEGIN_MILLIS = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli();
  private static final List<String> TARGETS = List.of("a/1", "a/2", "b/1", "c/9");

  private record Made(Opening opening, Outcome outcome) {}

  private final List<Made> made = new ArrayList<>();

  @EachDatabase
  void sums_are_what_counting_one_by_one_says(Database database) {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (Ledger ledger = Ledger.start(database, Time.system())) {
      for (int request = 0; request < 400; request++) {
        request(ledger, random, "req_" + request);
      }
      ledger.projector().projectAll();
      UsageStore store = new UsageStore(database);
      for (int round = 0; round < 40; round++) {
        UsageBy by = List.of(UsageBy.values()).get(round % 5);
        String organization = "org_" + random.nextInt(3);
        boolean test = random.nextInt(4) == 0;
        // Requests begin at whole tens of seconds and last less: none lies across the edge.
        long from = BEGIN_MILLIS + random.nextLong(DAYS_MILLIS / 10_000) * 10_000 - 3_000;

        assertThat(byGroup(store.sums(organization, null, by, from, test)))
            .as("by %s of %s from %d, test %s, seed %d", by, organization, from, test, seed)
            .isEqualTo(counted(organization, by, from, test));
      }
    }
  }

  private void request(Ledger ledger, Random random, String id) {
    Tenant tenant = new Tenant("org_" + random.nextInt(2), "prj_" + random.nextInt(2));
    long started = BEGIN_MILLIS + random.nextLong(DAYS_MILLIS / 10_000) * 10_000;
    String key = "key_" + random.nextInt(3);
    String model = "model_" + random.nextInt(3);
    boolean test = random.nextInt(5) == 0;
    Set<String> targets = new HashSet<>();
    Set<String> providers = new HashSet<>();
    int attempts = 1 + random.nextInt(4);
    for (int ordinal = 0; ordinal < attempts; ordinal++) {
      String target = TARGETS.get(random.nextInt(TARGETS.size()));
      String provider = target.substring(0, 1);
      Opening opening =
          new Opening(
              id,
              ordinal,
              targets.add(target),
              providers.add(provider),
              tenant,
              key,
              model,
              target,
              provider,
              "/v1/messages",
              random.nextBoolean(),
              test,
              started + ordinal * 1_500L,
              3);
      Usage usage =
          new Usage(
              random.nextInt(100),
              random.nextInt(100),
              random.nextInt(9),
              random.nextInt(9),
              random.nextInt(9),
              Source.PROVIDER,
              Source.COUNTED,
              List.of(Unit.values()).get(random.nextInt(5)),
              random.nextInt(10_000),
              Source.PROVIDER);
      End end = List.of(End.values()).get(random.nextInt(4));
      Outcome outcome = new Outcome(end, 200, usage, 1, 2, 3, 4);
      Attempt attempt = ledger.attempts().open(opening, ImmediateEventExecutor.INSTANCE, _ -> {});
      ledger.attempts().close(attempt, outcome);
      made.add(new Made(opening, outcome));
    }
  }

  private Map<String, UsageSum> counted(String organization, UsageBy by, long from, boolean test) {
    Map<String, UsageSum> sums = new TreeMap<>();
    Map<String, Set<String>> requests = new HashMap<>();
    for (Made one : made) {
      Opening opening = one.opening();
      if (!opening.tenant().organizationId().equals(organization)
          || opening.startedMillis() < from
          || opening.test() != test) {
        continue;
      }
      String group = group(by, opening);
      Set<String> seen = requests.computeIfAbsent(group, _ -> new HashSet<>());
      seen.add(opening.requestId());
      sums.put(group, plus(sums.get(group), group, seen.size(), one.outcome()));
    }
    return sums;
  }

  private static UsageSum plus(
      @org.jspecify.annotations.Nullable UsageSum sum,
      String group,
      int requests,
      Outcome outcome) {
    UsageSum at =
        sum == null ? new UsageSum(group, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : sum;
    Usage usage = outcome.usage();
    End end = outcome.end();
    return new UsageSum(
        group,
        requests,
        at.attempts() + 1,
        at.completed() + (end == End.COMPLETED ? 1 : 0),
        at.cancelled() + (end == End.CANCELLED ? 1 : 0),
        at.failed() + (end == End.FAILED ? 1 : 0),
        at.interrupted() + (end == End.INTERRUPTED ? 1 : 0),
        at.inputTokens() + usage.inputTokens(),
        at.outputTokens() + usage.outputTokens(),
        at.cachedTokens() + usage.cachedTokens(),
        at.cacheWriteTokens() + usage.cacheWriteTokens(),
        at.reasoningTokens() + usage.reasoningTokens(),
        at.audioMillis() + quantity(usage, Unit.AUDIO_SECONDS),
        at.images() + quantity(usage, Unit.IMAGES),
        at.characters() + quantity(usage, Unit.CHARACTERS),
        at.bytes() + quantity(usage, Unit.BYTES));
  }

  private static long quantity(Usage usage, Unit unit) {
    return usage.unit() == unit ? usage.quantity() : 0;
  }

  private static String group(UsageBy by, Opening opening) {
    return switch (by) {
      case MODEL -> opening.model();
      case TARGET -> opening.target();
      case PROVIDER -> opening.provider();
      case KEY -> opening.keyId();
      case DAY ->
          Instant.ofEpochMilli(opening.startedMillis())
              .atOffset(ZoneOffset.UTC)
              .toLocalDate()
              .toString();
    };
  }

  private static Map<String, UsageSum> byGroup(List<UsageSum> sums) {
    Map<String, UsageSum> byGroup = new TreeMap<>();
    sums.forEach(sum -> byGroup.put(sum.group(), sum));
    return byGroup;
  }

  /// A million rows of the other kind are none of its business.
  @Test
  void test_rows_and_all_others_are_found_without_reading_each_other() {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      List<String> plan =
          store
              .database()
              .read(handle ->
                  handle
                      .createQuery("EXPLAIN QUERY PLAN " + UsageStore.ATTEMPTS.formatted(""))
                      .bind("organization", "org_1")
                      .bind("before", "att_g")
                      .bind("test", 1)
                      .bind("max", 50)
                      .map((row, _) -> row.getString("detail"))
                      .list());

      assertThat(plan).singleElement().asString().contains("organization_id=? AND test=? AND id<?");
    }
  }
}
