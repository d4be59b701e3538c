package dev.gatewright.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.budget.BudgetStore.Dated;
import dev.gatewright.id.Ids;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.ledger.Usd;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.ProjectStore;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/// Makes, changes and removes budgets. A change of a limit moves the running window's room in the
/// same transaction; what is open goes on. Blocks; thread-safe.
public final class BudgetChanges {
  private static final int BUDGETS_MAX = 20_000;

  /// Of a key, its person, its project and its organization together: fewer than an attempt holds.
  private static final int ON_ONE_MAX = 3;

  private final TenantWrites writes;

  public BudgetChanges(TenantWrites writes) {
    this.writes = writes;
  }

  /// @param on `key_…`, `per_…`, `prj_…` or `org_…`
  Outcome<Budget> create(
      ApiCaller caller, String on, long nano, Period per, boolean hard, List<Integer> alerts) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.BUDGET_WRITE,
        handle -> {
          String project = projectOf(handle, organization, on);
          if (project == null) {
            return new Outcome.Wrong<>(
                "/on",
                on + " (expected: a key, person, project or the organization itself, of yours)");
          }
          long[] counts = BudgetStore.counts(handle, organization, on);
          if (counts[1] >= ON_ONE_MAX) {
            return Outcome.conflict(
                "%s has %d budgets (expected: at most so many)".formatted(on, ON_ONE_MAX));
          }
          if (counts[0] >= BUDGETS_MAX) {
            return Outcome.conflict(
                "There are %d budgets (expected: at most so many).".formatted(BUDGETS_MAX));
          }
          long now = writes.now();
          Budget made =
              new Budget(
                  Ids.uuid7(Budget.PREFIX, now),
                  organization,
                  project,
                  on,
                  nano,
                  per,
                  hard,
                  alerts,
                  1,
                  now);
          BudgetStore.insert(handle, made);
          ObjectNode detail = AuditLog.detail().put("on", on).put("per", per.word());
          fields(detail, made);
          told(handle, caller, made, "create", detail);
          return Outcome.done(made);
        });
  }

  /// Where it belongs; empty = to the organization, null = there is no such thing.
  private static @org.jspecify.annotations.Nullable String projectOf(
      Handle handle, String organizationId, String on) {
    if (on.startsWith("key_")) {
      return KeyStore.find(handle, organizationId, on)
          .map(StoredKey::key)
          .map(key -> key.tenant().projectId())
          .orElse(null);
    }
    if (on.startsWith("prj_")) {
      return ProjectStore.find(handle, organizationId, on).isPresent() ? on : null;
    }
    boolean known =
        on.startsWith("per_")
            ? MemberStore.role(handle, organizationId, on) != null
            : on.equals(organizationId);
    return known ? "" : null;
  }

  Outcome<Budget> edit(ApiCaller caller, String id, UnaryOperator<Budget> change, IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.BUDGET_WRITE,
        handle -> {
          Budget before = BudgetStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return new Outcome.Absent<>(Budgets.KIND);
          }
          seen.require(before.tag());
          Budget after = change.apply(before);
          if (after.equals(before)) {
            return Outcome.done(before);
          }
          BudgetStore.update(handle, after);
          move(handle, before, after);
          ObjectNode detail = AuditLog.detail();
          fields(detail.putObject("before"), before);
          fields(detail.putObject("after"), after);
          told(handle, caller, after, "edit", detail);
          return Outcome.done(BudgetStore.find(handle, organization, id).orElseThrow());
        });
  }

  Outcome<Budget> delete(ApiCaller caller, String id, IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.BUDGET_WRITE,
        handle -> {
          Budget before = BudgetStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return new Outcome.Absent<>(Budgets.KIND);
          }
          seen.require(before.tag());
          BudgetStore.delete(handle, before, writes.now());
          move(handle, before, before.with(before.nano(), false, before.alerts()));
          told(
              handle,
              caller,
              before,
              "delete",
              AuditLog.detail().put("on", before.on()).put("usd", Usd.text(before.nano())));
          return Outcome.done(before);
        });
  }

  /// What the running window has room for. A window that is hard no more keeps its purse, with room
  /// for everything: a replica that has not heard of it yet refuses nobody.
  private void move(Handle handle, Budget before, Budget after) {
    Dated dated = new Dated(after, OrganizationStore.calendars(handle, after.organizationId()));
    Window window = dated.window(writes.now());
    if (before.hard() || after.hard()) {
      BudgetCountStore.Key key = new BudgetCountStore.Key(after.id(), window.startMillis());
      // What was counted while it was soft is spent as well.
      long counted =
          BudgetCountStore.all(handle, after.organizationId(), List.of(key)).getOrDefault(key, 0L);
      long limit = limit(after, counted);
      BudgetPurseStore.change(
          handle,
          after.organizationId(),
          Budget.purse(after.id(), window.startMillis()),
          window,
          limit - limit(before, counted),
          limit);
    }
    BudgetAlerts.note(handle, after, window.startMillis(), writes.now());
  }

  private static long limit(Budget budget, long counted) {
    return budget.hard() ? budget.nano() - counted : BudgetPurseStore.NO_LIMIT;
  }

  private void told(Handle handle, ApiCaller caller, Budget budget, String act, ObjectNode detail) {
    Tenant tenant =
        budget.projectId().isEmpty()
            ? caller.tenant()
            : new Tenant(budget.organizationId(), budget.projectId());
    writes.told(handle, tenant, caller.actor(), Budgets.KIND, act, budget.id(), detail);
  }

  private static void fields(ObjectNode into, Budget budget) {
    into.put("usd", Usd.text(budget.nano()))
        .put("hard", budget.hard())
        .put("alerts", budget.alertsText());
  }
}
