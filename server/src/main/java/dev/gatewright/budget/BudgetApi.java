package dev.gatewright.budget;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.budget.BudgetPurseStore.Standing;
import dev.gatewright.budget.BudgetStore.Dated;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Usd;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.Calendars;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// REST of budgets. Described in `openapi/budget.yaml`.
public final class BudgetApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;
  private static final int ALERTS_MAX = 10;
  private static final int ALERT_MAX = 1_000;

  private final Database database;
  private final TenantWrites writes;
  private final BudgetChanges changes;

  public BudgetApi(Database database, TenantWrites writes) {
    this.database = database;
    this.writes = writes;
    this.changes = new BudgetChanges(writes);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    Access read = Access.of(Permission.BUDGET_READ);
    Access write = Access.of(Permission.BUDGET_WRITE);
    return new Resource(
        "budget",
        List.of(
            ApiRoute.get("/api/budgets", read, this::list).query("limit", "cursor", "on"),
            ApiRoute.create("/api/budgets", write, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/budgets/{id}", read, this::show),
            ApiRoute.patch("/api/budgets/{id}", write, BODY_BYTES_MAX, this::edit),
            ApiRoute.delete("/api/budgets/{id}", write, this::delete)));
  }

  /// What a budget is made of, and what changes of it; absent = the default, or as it is.
  record BudgetFields(
      @Nullable String on,
      @Nullable String usd,
      @Nullable String per,
      @Nullable Boolean hard,
      @Nullable List<@Nullable Integer> alerts) {
    Period period() {
      Period known = Period.of(per);
      if (known == null) {
        throw Problem.wrong("/per", "%s (expected: %s)".formatted(shown(per), Period.WORDS));
      }
      return known;
    }

    long nano() {
      OptionalLong nano = usd == null ? OptionalLong.empty() : Usd.payment(usd);
      if (nano.isEmpty()) {
        throw Problem.wrong("/usd", "%s (expected: %s)".formatted(shown(usd), Usd.PAYMENT));
      }
      return nano.getAsLong();
    }

    List<Integer> percents() {
      Set<Integer> percents = new TreeSet<>();
      for (Integer percent : alerts == null ? List.<@Nullable Integer>of() : alerts) {
        if (percent == null || percent < 1 || percent > ALERT_MAX) {
          throw Problem.wrong(
              "/alerts", "%s (expected: percents from 1 to %d)".formatted(percent, ALERT_MAX));
        }
        percents.add(percent);
      }
      if (percents.size() > ALERTS_MAX) {
        throw Problem.wrong(
            "/alerts", "%d (expected: at most %d)".formatted(percents.size(), ALERTS_MAX));
      }
      return List.copyOf(percents);
    }

    private static String shown(@Nullable String value) {
      return value == null ? "missing" : Refusal.shown(value);
    }
  }

  /// The schema `Budget`.
  record View(
      String id,
      String on,
      String usd,
      String per,
      boolean hard,
      List<Integer> alerts,
      String spent,
      String reserved,
      Instant startsAt,
      @Nullable Instant resetsAt,
      Instant createdAt) {
    static View of(Budget budget, Window window, Standing standing) {
      return new View(
          budget.id(),
          budget.on(),
          Usd.text(budget.nano()),
          budget.per().word(),
          budget.hard(),
          budget.alerts(),
          Usd.text(standing.spent()),
          Usd.text(standing.held()),
          Instant.ofEpochMilli(window.startMillis()),
          window.endMillis() == 0 ? null : Instant.ofEpochMilli(window.endMillis()),
          Instant.ofEpochMilli(budget.createdMillis()));
    }
  }

  /// GET /api/budgets?limit=&cursor=&on=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    String place = paging.after();
    String on = call.query().text("on");
    Set<String> projects = caller.extent().confined() ? caller.principal().projects() : null;
    List<View> page =
        database.read(handle ->
            views(
                BudgetStore.list(
                    handle, organization, on, projects, place == null ? "" : place, paging.rows()),
                organization,
                handle));
    return paging.answer(page, page.size() < paging.rows() ? null : page.getLast().id());
  }

  private List<View> views(
      List<Budget> budgets, String organizationId, org.jdbi.v3.core.Handle handle) {
    Calendars calendars = OrganizationStore.calendars(handle, organizationId);
    long now = writes.now();
    Map<Budget, Window> windows = new HashMap<>();
    Map<Budget, Long> starts = new HashMap<>();
    for (Budget budget : budgets) {
      Window window = new Dated(budget, calendars).window(now);
      windows.put(budget, window);
      starts.put(budget, window.startMillis());
    }
    Map<String, Standing> standings = Standings.of(handle, organizationId, starts);
    return budgets.stream()
        .map(budget ->
            View.of(
                budget,
                java.util.Objects.requireNonNull(windows.get(budget)),
                standings.getOrDefault(budget.id(), Standing.NOTHING)))
        .toList();
  }

  /// POST /api/budgets
  private Answer create(ApiCall call) {
    BudgetFields wanted = call.body(BudgetFields.class);
    if (wanted.on() == null) {
      throw Problem.wrong("/on", "missing (expected: key_…, per_…, prj_… or org_…)");
    }
    Budget made =
        changes
            .create(
                ApiCaller.of(call),
                Refusal.shown(wanted.on()),
                wanted.nano(),
                wanted.period(),
                wanted.hard() == null || wanted.hard(),
                wanted.alerts() == null ? Budget.ALERTS : wanted.percents())
            .orProblem();
    return Answer.created(view(made)).tagged(made.tag());
  }

  private View view(Budget budget) {
    return database.read(
        handle -> views(List.of(budget), budget.organizationId(), handle).getFirst());
  }

  /// GET /api/budgets/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Budget budget =
        database.read(handle ->
            BudgetStore.find(handle, caller.tenant().organizationId(), call.path("id"))
                .filter(found -> caller.reaches(found.projectId()))
                .orElseThrow(() -> Problem.absent(Budgets.KIND)));
    return Answer.ok(view(budget)).tagged(budget.tag());
  }

  /// PATCH /api/budgets/{id}
  private Answer edit(ApiCall call) {
    BudgetFields wanted = call.body(BudgetFields.class);
    Period per = wanted.per() == null ? null : wanted.period();
    Long nano = wanted.usd() == null ? null : (Long) wanted.nano();
    List<Integer> alerts = wanted.alerts() == null ? null : wanted.percents();
    Budget after =
        changes
            .edit(
                ApiCaller.of(call),
                call.path("id"),
                before -> {
                  stays("/on", wanted.on(), before.on());
                  stays("/per", per == null ? null : per.word(), before.per().word());
                  return before.with(
                      nano == null ? before.nano() : nano,
                      wanted.hard() == null ? before.hard() : wanted.hard(),
                      alerts == null ? before.alerts() : alerts);
                },
                call.ifMatch())
            .orProblem();
    return Answer.ok(view(after)).tagged(after.tag());
  }

  private static void stays(String pointer, @Nullable String wanted, String is) {
    if (wanted != null && !wanted.equals(is)) {
      throw Problem.wrong(
          pointer,
          "%s (expected: %s, or another budget beside this one)"
              .formatted(Refusal.shown(wanted), is));
    }
  }

  /// DELETE /api/budgets/{id}
  private Answer delete(ApiCall call) {
    changes.delete(ApiCaller.of(call), call.path("id"), call.ifMatch()).orProblem();
    return Answer.empty();
  }
}
