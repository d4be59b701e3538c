package dev.gatewright.usage;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// REST of usage, for admin keys: what the caller's organization has used. Everything that was
/// durable when a request arrives is in its answer. Described in `openapi/usage.yaml`.
public final class UsageApi {
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 500;

  /// Answers in the making. Each projects first and then sums, so more of them would only wait for
  /// each other and for the portal's connections.
  private static final int ANSWERS_MAX = 3;

  /// How long an answer waits for its turn.
  private static final int TURN_SECONDS_MAX = 1;

  private static final int BUSY_SECONDS = 2;

  /// Steps of a series, of all its groups together.
  private static final int POINTS_MAX = 10_000;

  private static final String CSV = "text/csv; charset=utf-8";

  /// Above every id.
  static final String NEWEST = "att_g";

  private final UsageQueries queries;
  private final UsageExportApi exports;
  private final UsageRetentionApi retention;
  private final Projector projector;
  private final Time time;
  private final Semaphore turns = new Semaphore(ANSWERS_MAX);

  /// @param database of the portal's lane
  public UsageApi(
      UsageQueries queries,
      Database database,
      Projector projector,
      TenantWrites writes,
      Time time) {
    this.queries = queries;
    this.exports =
        new UsageExportApi(queries, new UsageExportStore(database), projector, writes, time);
    this.retention = new UsageRetentionApi(writes);
    this.projector = projector;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>(sums());
    routes.addAll(exports.routes());
    routes.addAll(retention.routes());
    return new Resource("usage", routes);
  }

  private List<ApiRoute> sums() {
    return List.of(
        ApiRoute.get("/api/usage", Access.of(Permission.USAGE_READ), this::usage)
            .query(
                "by", "since", "test", "from", "to", "group", "tz", "format", "key", "model",
                "service", "tag", "project"),
        ApiRoute.get("/api/usage/series", Access.of(Permission.USAGE_READ), this::series)
            .query(
                "step", "since", "test", "from", "to", "group", "tz", "key", "model", "service",
                "tag", "project"),
        ApiRoute.get("/api/usage/events", Access.of(Permission.USAGE_READ), this::events)
            .query(
                "test",
                "limit",
                "cursor",
                "from",
                "to",
                "since",
                "tz",
                "key",
                "model",
                "outcome",
                "status",
                "tag",
                "service",
                "project",
                "request",
                "min_cost",
                "max_cost"),
        ApiRoute.get("/api/usage/attempts", Access.of(Permission.USAGE_READ), this::attempts)
            .query("test", "limit", "cursor"));
  }

  /// GET /api/usage?by=&since=&from=&to=&group=&tz=&format=&test=
  private Answer usage(ApiCall call) {
    UsageAsked asked = asked(call);
    List<UsageGroup> groups = asked.groups();
    UsageScope scope = asked.scope();
    boolean csv = asked.csv();
    UsageSteps steps = steps(groups, asked.zone(), scope);
    UsageQuestion question =
        new UsageQuestion(
            scope,
            asked.sumFilter(),
            groups.stream().filter(group -> group.step == null).toList(),
            steps);
    UsageQueries.UsageSums sums = counted(() -> queries.sums(question));
    List<String> names = groups.stream().map(UsageGroup::word).toList();
    List<Map<String, Object>> rows =
        sums.data().stream()
            .map(sum -> UsageView.of(names, sum.in(labels(groups, steps, sum))))
            .toList();
    if (csv) {
      List<String> head = List.copyOf(UsageView.of(names, UsageSum.nothing(names)).keySet());
      return new Answer(
          200,
          UsageCsv.bytes(head, rows),
          Map.of("content-type", CSV, "content-disposition", "attachment; filename=\"usage.csv\""));
    }
    return Answer.ok(Map.of("data", rows, "complete", sums.all()));
  }

  /// Days and hours at once are hours, each with its day.
  private static @Nullable UsageSteps steps(
      List<UsageGroup> groups, ZoneId zone, UsageScope scope) {
    UsageStep step =
        groups.contains(UsageGroup.HOUR)
            ? UsageStep.HOUR
            : groups.contains(UsageGroup.DAY) ? UsageStep.DAY : null;
    return step == null ? null : new UsageSteps(step, zone, scope.fromMillis(), scope.toMillis());
  }

  /// The groups' names in the order asked for; a sum has its time first.
  private static List<String> labels(
      List<UsageGroup> groups, @Nullable UsageSteps steps, UsageSum sum) {
    List<String> labels = new ArrayList<>();
    int at = steps == null ? 0 : 1;
    for (UsageGroup group : groups) {
      if (group.step == null || steps == null) {
        labels.add(sum.groups().get(at++));
      } else {
        String label = steps.label(Long.parseLong(sum.groups().getFirst()));
        labels.add(group == UsageGroup.DAY ? label.substring(0, "2026-11-21".length()) : label);
      }
    }
    return labels;
  }

  /// GET /api/usage/series?step=&from=&to=&group=&tz=&test=
  private Answer series(ApiCall call) {
    UsageAsked asked = asked(call);
    UsageStep step = asked.step();
    List<UsageGroup> groups = asked.besideTime();
    UsageScope asFarAsNow = untilNow(asked.scope());
    UsageSteps steps =
        new UsageSteps(step, asked.zone(), asFarAsNow.fromMillis(), asFarAsNow.toMillis());
    if (steps.most() > POINTS_MAX) {
      throw tooMany(step);
    }
    List<Long> all = steps.all();
    UsageQueries.UsageSums sums =
        counted(
            () -> queries.sums(new UsageQuestion(asFarAsNow, asked.sumFilter(), groups, steps)));
    Map<List<String>, UsageSum> found = new LinkedHashMap<>();
    sums.data().forEach(sum -> found.put(sum.groups(), sum));
    Set<String> values = new TreeSet<>();
    sums.data().forEach(sum -> values.add(groups.isEmpty() ? "" : sum.groups().getLast()));
    if (groups.isEmpty()) {
      values.add("");
    }
    if (!sums.all() || (long) values.size() * all.size() > POINTS_MAX) {
      throw tooMany(step);
    }
    List<String> names = groups.isEmpty() ? List.of("at") : List.of("at", groups.getFirst().word());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Long number : all) {
      for (String value : values) {
        String key = Long.toString(number);
        List<String> group = groups.isEmpty() ? List.of(key) : List.of(key, value);
        UsageSum sum = found.getOrDefault(group, UsageSum.nothing(group));
        String at = steps.start(number).toString();
        rows.add(UsageView.of(names, sum.in(groups.isEmpty() ? List.of(at) : List.of(at, value))));
      }
    }
    return Answer.ok(Map.of("data", rows));
  }

  private UsageScope untilNow(UsageScope scope) {
    long end = Math.max(scope.fromMillis(), Math.min(scope.toMillis(), time.millis() + 1));
    return new UsageScope(
        scope.organizationId(), scope.projects(), scope.test(), scope.fromMillis(), end);
  }

  private static Problem tooMany(UsageStep step) {
    return Problem.wrong(
        "step",
        "%s (expected: at most %d points; ask for longer steps or a shorter time)"
            .formatted(step.word, POINTS_MAX));
  }

  private UsageAsked asked(ApiCall call) {
    return new UsageAsked(
        ApiCaller.of(call), call.query()::text, Instant.ofEpochMilli(time.millis()));
  }

  /// GET /api/usage/events?test=&limit=&cursor=&from=&to=&key=&model=&…
  private Answer events(ApiCall call) {
    singleCalls(ApiCaller.of(call));
    UsageAsked asked = asked(call);
    UsageScope scope = bounded(call) ? asked.scope() : everything(call);
    UsageFilter filter = asked.eventFilter();
    Paging paging = call.paging(scope.organizationId(), PAGE_ROWS, PAGE_ROWS_MAX);
    String before = paging.after() == null ? NEWEST : paging.after();
    UsageQueries.AttemptPage page =
        counted(() -> queries.attempts(scope, filter, before, paging.rows()));
    return paging.answer(page.rows().stream().map(UsageView::event).toList(), page.next());
  }

  private static boolean bounded(ApiCall call) {
    return call.query().text("from") != null
        || call.query().text("to") != null
        || call.query().text("since") != null;
  }

  private static UsageScope everything(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    return new UsageScope(
        organization(call), projects(caller), call.query().flag("test"), 0, Long.MAX_VALUE);
  }

  private static void singleCalls(ApiCaller caller) {
    if (caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not single calls");
    }
  }

  /// GET /api/usage/attempts?test=&limit=&cursor=
  private Answer attempts(ApiCall call) {
    singleCalls(ApiCaller.of(call));
    UsageScope scope = everything(call);
    Paging paging = call.paging(scope.organizationId(), PAGE_ROWS, PAGE_ROWS_MAX);
    String before = paging.after() == null ? NEWEST : paging.after();
    UsageQueries.AttemptPage page =
        counted(() -> queries.attempts(scope, UsageFilter.NONE, before, paging.rows()));
    return paging.answer(page.rows().stream().map(UsageView::of).toList(), page.next());
  }

  /// What `query` says once everything that is durable now is counted.
  private <T> T counted(Supplier<T> query) {
    if (!turn()) {
      throw new Problem(
          Refusal.overloaded(
              "%d usage answers are being made; please try again.".formatted(ANSWERS_MAX),
              BUSY_SECONDS));
    }
    try {
      projector.projectAll();
      return query.get();
    } finally {
      turns.release();
    }
  }

  private boolean turn() {
    try {
      return turns.tryAcquire(TURN_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The projects whose usage a caller sees; null = all.
  private static @Nullable Set<String> projects(ApiCaller caller) {
    return caller.extent().confined() ? caller.principal().projects() : null;
  }

  private static String organization(ApiCall call) {
    return ApiCaller.of(call).tenant().organizationId();
  }
}
