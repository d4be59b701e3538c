package dev.gatewright.budget;

import java.util.Map;
import org.jdbi.v3.core.Handle;

/// Notes which windows have come so far that people are to be told: once a window and percent, over
/// all replicas.
final class BudgetAlerts {
  private static final int WHOLE = 100;

  private BudgetAlerts() {}

  /// In the transaction that counts.
  static void note(Handle handle, Budget budget, long startMillis, long nowMillis) {
    long spent =
        Standings.of(handle, budget.organizationId(), Map.of(budget, startMillis))
            .getOrDefault(budget.id(), BudgetPurseStore.Standing.NOTHING)
            .spent();
    for (int percent : budget.alerts()) {
      // A part of a budget is at most 10^18 nano-USD: the product would not fit.
      if (spent > 0 && (double) spent * WHOLE >= (double) budget.nano() * percent) {
        BudgetAlertStore.insert(
            handle,
            new BudgetAlertStore.Alert(
                budget.id(), startMillis, percent, budget.organizationId(), spent, budget.nano()),
            nowMillis);
      }
    }
  }
}
