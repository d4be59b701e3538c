package dev.gatewright.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.ProjectionStore;
import dev.gatewright.ledger.projection.RollupStep;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
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
  /// Both days on which Berlin changes its clocks, and the time between.
  private static final long BEGIN_MILLIS = Instant.parse("2026-03-20T00:00:00Z").toEpochMilli();

  private static final long DAYS_MILLIS = 230 * 86_400_000L;
  private static final List<String> TARGETS = List.of("a/1", "a/2", "b/1", "c/9");
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe");

  private final List<Closed> made = new ArrayList<>();
  private final AttemptIds ids = new AttemptIds();

  @EachDatabase
  void sums_are_what_counting_one_by_one_says(Database database) throws InterruptedException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int request = 0; request < 400; request++) {
      request(random, "req_" + request);
    }
    // Closed whenever: a step that is long over gets its last ones late.
    List<Closed> order = new ArrayList<>(made);
    Collections.shuffle(order, random);
    ProjectionStore projection = new ProjectionStore();
    UsageStore store = new UsageStore(database);
    // Coarse sums are made while others are still to come: of half the time, and of all.
    int later = order.size() / 3;
    int last = order.size() - 20;
    project(database, projection, random, order.subList(0, later));
    fold(database, BEGIN_MILLIS + DAYS_MILLIS / 2);
    project(database, projection, random, order.subList(later, last));
    fold(database, BEGIN_MILLIS + DAYS_MILLIS);
    project(database, projection, random, order.subList(last, order.size()));
    for (RollupStep step : RollupStep.values()) {
      assertThat(
              totals(database, "usage_rollup WHERE step_minutes = " + step.minutes(), "attempts"))
          .as("%s, seed %d", step, seed)
          .isEqualTo(totals(database, "usage_attempt", "1"));
    }
    assertThat(totals(database, "usage_coarse WHERE shape = 5 AND step_minutes = 60", "attempts"))
        .isNotEqualTo(totals(database, "usage_attempt", "1"));
    for (int round = 0; round < 60; round++) {
      check(store, random, seed);
    }
    fold(database, BEGIN_MILLIS + 2 * DAYS_MILLIS);
    for (UsageShape shape : UsageShape.values()) {
      for (RollupStep step : RollupStep.values()) {
        if (shape.has(step)) {
          assertThat(
                  totals(
                      database,
                      "usage_coarse WHERE shape = %d AND step_minutes = %d"
                          .formatted(shape.number, step.minutes()),
                      "attempts"))
              .as("%s by %s, seed %d", shape, step, seed)
              .isEqualTo(totals(database, "usage_attempt", "1"));
        }
      }
    }
    for (int round = 0; round < 60; round++) {
      check(store, random, seed);
    }
  }

  private static void project(
      Database database, ProjectionStore projection, Random random, List<Closed> order) {
    for (int at = 0; at < order.size(); ) {
      int to = Math.min(order.size(), at + 1 + random.nextInt(60));
      List<Closed> batch = order.subList(at, to);
      database.write(handle -> {
        projection.add(handle, batch);
        return true;
      });
      at = to;
    }
  }

  private static void fold(Database database, long nowMillis) throws InterruptedException {
    Time time = new Time(() -> Instant.ofEpochMilli(nowMillis), System::nanoTime);
    try (UsageFold fold = new UsageFold(database, time, 1)) {
      boolean more;
      do {
        more = fold.round();
      } while (more);
    }
  }

  private static List<Long> totals(Database database, String from, String attempts) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT SUM("
                    + attempts
                    + "), SUM(input_tokens), SUM(COALESCE(cost_nano, 0)),"
                    + " SUM(unpriced) FROM "
                    + from)
            .map(
                (row, _) -> List.of(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
            .one());
  }

  private void check(UsageStore store, Random random, long seed) {
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    // Requests begin at whole tens of seconds and last less: none lies across the edge.
    long from = BEGIN_MILLIS + random.nextLong(DAYS_MILLIS / 10_000) * 10_000 - 3_000;
    long to = from + random.nextLong(DAYS_MILLIS / 10_000) * 10_000;
    UsageScope scope =
        new UsageScope(
            "org_" + random.nextInt(3),
            random.nextInt(3) == 0 ? Set.of("prj_1") : null,
            random.nextInt(4) == 0,
            from,
            to);
    UsageFilter filter =
        random.nextInt(3) == 0
            ? UsageFilter.ofSums("key_1", null, null, random.nextBoolean() ? "red" : null, null)
            : UsageFilter.NONE;
    UsageStep step =
        random.nextBoolean() ? null : List.of(UsageStep.values()).get(random.nextInt(4));
    List<UsageGroup> plain =
        new ArrayList<>(
            List.of(UsageGroup.values()).stream().filter(group -> group.step == null).toList());
    Collections.shuffle(plain, random);
    List<UsageGroup> groups =
        plain.subList(0, step == null ? 1 + random.nextInt(2) : random.nextInt(2));
    UsageSteps steps = step == null ? null : new UsageSteps(step, zone, from, to);
    UsageQuestion question = new UsageQuestion(scope, filter, groups, steps);
    assertThat(byGroup(store.sums(question).data(), steps))
        .as("%s in %s by %s, seed %d", question, zone, step, seed)
        .isEqualTo(counted(question, step, zone));
    if (steps != null && step != UsageStep.QUARTER) {
      assertThat(steps.all().stream().map(steps::start).map(Instant::toString).toList())
          .as("%s in %s, seed %d", step, zone, seed)
          .containsAll(
              counted(new UsageQuestion(scope, filter, List.of(), steps), step, zone).keySet());
    }
  }

  private void request(Random random, String id) {
    Tenant tenant = new Tenant("org_" + random.nextInt(2), "prj_" + random.nextInt(2));
    long started = BEGIN_MILLIS + random.nextLong(DAYS_MILLIS / 10_000) * 10_000;
    String key = "key_" + random.nextInt(3);
    String model = "model_" + random.nextInt(3);
    boolean test = random.nextInt(5) == 0;
    List<String> words = new ArrayList<>(List.of("red", "blue", "=1"));
    Collections.shuffle(words, random);
    Facets facets =
        new Facets(
            random.nextBoolean() ? "tts" : "",
            random.nextBoolean() ? "main" : "",
            random.nextBoolean() ? "per_1" : "",
            words.subList(0, random.nextInt(4)));
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
                  3)
              .with(facets);
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
      Cost cost =
          switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> Cost.UNPRICED;
            default -> new Cost(random.nextInt(1_000_000), false, 0, "v1", "catalogue", Map.of());
          };
      made.add(new Closed(ids.next(opening.startedMillis()), opening, outcome, cost));
    }
  }

  private Map<String, UsageSum> counted(
      UsageQuestion question, @org.jspecify.annotations.Nullable UsageStep step, ZoneId zone) {
    Map<String, UsageSum> sums = new TreeMap<>();
    Map<String, Set<String>> requests = new HashMap<>();
    for (Closed one : made) {
      Opening opening = one.opening();
      UsageScope scope = question.scope();
      UsageFilter filter = question.filter();
      Set<String> projects = scope.projects();
      if (!opening.tenant().organizationId().equals(scope.organizationId())
          || (projects != null && !projects.contains(opening.tenant().projectId()))
          || (filter.key() != null && !opening.keyId().equals(filter.key()))
          || (filter.tag() != null && !opening.facets().tags().contains(filter.tag()))
          || opening.startedMillis() < scope.fromMillis()
          || opening.startedMillis() >= scope.toMillis()
          || opening.test() != scope.test()) {
        continue;
      }
      for (List<String> groups : groups(question.groups(), opening)) {
        List<String> named = new ArrayList<>(groups);
        if (step != null) {
          named.addFirst(begin(step, zone, opening.startedMillis()));
        }
        String name = String.join("|", named);
        Set<String> seen = requests.computeIfAbsent(name, _ -> new HashSet<>());
        long fresh = seen.add(opening.requestId()) ? 1 : 0;
        sums.merge(name, sum(fresh, one), UsageSum::plus);
      }
    }
    return sums;
  }

  private static UsageSum sum(long requests, Closed one) {
    Usage usage = one.outcome().usage();
    End end = one.outcome().end();
    Cost cost = one.cost();
    return new UsageSum(
        List.of(),
        requests,
        1,
        end == End.COMPLETED ? 1 : 0,
        end == End.CANCELLED ? 1 : 0,
        end == End.FAILED ? 1 : 0,
        end == End.INTERRUPTED ? 1 : 0,
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cachedTokens(),
        usage.cacheWriteTokens(),
        usage.reasoningTokens(),
        quantity(usage, Unit.AUDIO_SECONDS),
        quantity(usage, Unit.IMAGES),
        quantity(usage, Unit.CHARACTERS),
        quantity(usage, Unit.BYTES),
        cost == null ? 0 : cost.nano(),
        0,
        cost != null && cost.unpriced() ? 1 : 0);
  }

  private static long quantity(Usage usage, Unit unit) {
    return usage.unit() == unit ? usage.quantity() : 0;
  }

  /// By the calendar, not by arithmetic.
  private static String begin(UsageStep step, ZoneId zone, long millis) {
    var at = Instant.ofEpochMilli(millis).atZone(zone);
    var begin =
        switch (step) {
          case QUARTER -> Instant.ofEpochMilli(millis / 900_000 * 900_000).atZone(zone);
          case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
          case DAY -> at.toLocalDate().atStartOfDay(zone);
          case MONTH -> at.toLocalDate().withDayOfMonth(1).atStartOfDay(zone);
        };
    return begin.toInstant().toString();
  }

  /// One for each tag, where tags are asked for.
  private static List<List<String>> groups(List<UsageGroup> by, Opening opening) {
    List<List<String>> all = new ArrayList<>();
    List<String> tags = opening.facets().tags();
    for (String tag : by.contains(UsageGroup.TAG) && !tags.isEmpty() ? tags : List.of("")) {
      all.add(by.stream().map(group -> group(group, opening, tag)).toList());
    }
    return all;
  }

  private static String group(UsageGroup by, Opening opening, String tag) {
    return switch (by) {
      case MODEL -> opening.model();
      case TARGET -> opening.target();
      case PROVIDER -> opening.provider();
      case KEY -> opening.keyId();
      case PROJECT -> opening.tenant().projectId();
      case MEMBER -> opening.facets().memberId();
      case SERVICE -> opening.facets().service();
      case SITE -> opening.facets().site();
      case TAG -> tag;
      case DAY, HOUR -> throw new IllegalArgumentException("a time");
    };
  }

  private static Map<String, UsageSum> byGroup(
      List<UsageSum> sums, @org.jspecify.annotations.Nullable UsageSteps steps) {
    Map<String, UsageSum> byGroup = new TreeMap<>();
    for (UsageSum sum : sums) {
      List<String> groups = new ArrayList<>(sum.groups());
      if (steps != null) {
        groups.set(0, steps.start(Long.parseLong(groups.getFirst())).toString());
      }
      byGroup.put(String.join("|", groups), sum.in(List.of()));
    }
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
