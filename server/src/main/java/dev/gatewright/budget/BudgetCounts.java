package dev.gatewright.budget;

import dev.gatewright.budget.BudgetStore.Dated;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.purse.Counting;
import dev.gatewright.telemetry.Time;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// Counts what calls under soft budgets cost, and notes which windows have come so far that people
/// are to be told. Thread-safe.
public final class BudgetCounts implements Counting {
  private final Budgets budgets;
  private final Time time;

  public BudgetCounts(Budgets budgets, Time time) {
    this.budgets = budgets;
    this.time = time;
  }

  /// @param budget as it is now
  /// @param nano counted by this step; a purse counts what was held from it
  private record Touched(Budget budget, long startMillis, long nano) {
    Touched plus(Touched other) {
      return new Touched(budget, startMillis, nano + other.nano);
    }
  }

  @Override
  public void count(Handle handle, List<Priced> attempts) {
    // Everybody takes the locks of counts in one order.
    Map<String, Touched> touched = new TreeMap<>(Comparator.naturalOrder());
    for (Priced attempt : attempts) {
      Opening opening = attempt.opening();
      if (opening.test()) {
        continue;
      }
      for (Dated dated :
          budgets.counting(opening.tenant(), opening.keyId(), opening.facets().memberId())) {
        Budget budget = dated.budget();
        if (opening.startedMillis() < budget.createdMillis()) {
          continue;
        }
        long start = dated.window(opening.startedMillis()).startMillis();
        boolean held = holds(opening.charge(), budget);
        touched.merge(
            Budget.purse(budget.id(), start),
            new Touched(budget, start, held ? 0 : attempt.cost().nano()),
            Touched::plus);
      }
    }
    touched
        .values()
        .forEach(each -> {
          Budget budget = each.budget;
          if (each.nano > 0) {
            BudgetCountStore.add(
                handle,
                budget.organizationId(),
                new BudgetCountStore.Key(budget.id(), each.startMillis),
                each.nano);
          }
          if (!budget.alerts().isEmpty()) {
            BudgetAlerts.note(handle, budget, each.startMillis, time.millis());
          }
        });
  }

  /// One that was hard when the call was opened counts by its purse.
  private static boolean holds(@org.jspecify.annotations.Nullable Charge charge, Budget budget) {
    if (charge != null) {
      for (Hold hold : charge.holds()) {
        if (hold.purse().startsWith(budget.id() + "@")) {
          return true;
        }
      }
    }
    return false;
  }
}
