package dev.gatewright.usage;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.config.Units;
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
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// REST of usage, for admin keys: what the caller's organization has used. Everything that was
/// durable when a request arrives is in its answer. Described in `openapi/usage.yaml`.
public final class UsageApi {
  private static final String SINCE_DEFAULT = "7d";
  private static final Duration SINCE_MAX = Duration.ofDays(3_660);
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 500;

  /// Answers in the making. Each projects first and then sums, so more of them would only wait for
  /// each other and for the portal's connections.
  private static final int ANSWERS_MAX = 3;

  /// How long an answer waits for its turn.
  private static final int TURN_SECONDS_MAX = 1;

  private static final int BUSY_SECONDS = 2;

  /// Above every id.
  private static final String NEWEST = "att_g";

  private final UsageStore store;
  private final Projector projector;
  private final Time time;
  private final Semaphore turns = new Semaphore(ANSWERS_MAX);

  public UsageApi(UsageStore store, Projector projector, Time time) {
    this.store = store;
    this.projector = projector;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "usage",
        List.of(
            ApiRoute.get("/api/usage", Access.of(Permission.USAGE_READ), this::usage)
                .query("by", "since", "test"),
            ApiRoute.get("/api/usage/attempts", Access.of(Permission.USAGE_READ), this::attempts)
                .query("test", "limit", "cursor")));
  }

  /// GET /api/usage?by=&since=&test=
  private Answer usage(ApiCall call) {
    UsageBy by = by(call.query().text("by"));
    ApiCaller caller = ApiCaller.of(call);
    if (caller.extent() == Extent.TOTALS && by == UsageBy.KEY) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not whose they are");
    }
    long from = time.millis() - since(call.query().text("since")).toMillis();
    boolean test = call.query().flag("test");
    List<UsageSum> sums =
        counted(() -> store.sums(organization(call), projects(caller), by, from, test));
    return Answer.ok(Map.of("data", sums.stream().map(sum -> UsageView.of(by, sum)).toList()));
  }

  /// GET /api/usage/attempts?test=&limit=&cursor=
  private Answer attempts(ApiCall call) {
    boolean test = call.query().flag("test");
    ApiCaller caller = ApiCaller.of(call);
    if (caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not single calls");
    }
    Paging paging = call.paging(organization(call), PAGE_ROWS, PAGE_ROWS_MAX);
    String before = paging.after() == null ? NEWEST : paging.after();
    List<UsageAttempt> page =
        counted(() ->
            store.attempts(organization(call), projects(caller), before, test, paging.rows()));
    return paging.answer(
        page.stream().map(UsageView::of).toList(),
        page.size() < paging.rows() ? null : page.getLast().id());
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

  private static UsageBy by(@Nullable String text) {
    UsageBy by = text == null ? UsageBy.MODEL : UsageBy.of(text);
    if (by == null) {
      throw Problem.wrong("by", "%s (expected: %s)".formatted(text, UsageBy.WORDS));
    }
    return by;
  }

  private static Duration since(@Nullable String text) {
    Duration since = Units.duration(text == null ? SINCE_DEFAULT : text);
    if (since == null || since.isZero() || since.compareTo(SINCE_MAX) > 0) {
      throw Problem.wrong(
          "since",
          "%s (expected: %s, at most %dd)".formatted(text, Units.DURATION, SINCE_MAX.toDays()));
    }
    return since;
  }
}
