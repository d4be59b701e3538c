package dev.gatewright.budget;

import dev.gatewright.budget.BudgetPurseStore.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// What windows of budgets have come to: by their purses, and by what was counted without one.
final class Standings {
  private Standings() {}

  /// @param windows when each budget's window starts
  /// @return by the budget's id
  static Map<String, Standing> of(Handle handle, String organizationId, Map<Budget, Long> windows) {
    List<String> purses = new ArrayList<>();
    List<BudgetCountStore.Key> keys = new ArrayList<>();
    windows.forEach((budget, start) -> {
      purses.add(Budget.purse(budget.id(), start));
      keys.add(new BudgetCountStore.Key(budget.id(), start));
    });
    Map<String, Standing> held = BudgetPurseStore.standings(handle, purses);
    Map<BudgetCountStore.Key, Long> counted = BudgetCountStore.all(handle, organizationId, keys);
    Map<String, Standing> all = new HashMap<>();
    windows.forEach((budget, start) -> {
      Standing purse = held.getOrDefault(Budget.purse(budget.id(), start), Standing.NOTHING);
      long more = counted.getOrDefault(new BudgetCountStore.Key(budget.id(), start), 0L);
      all.put(budget.id(), new Standing(purse.spent() + more, purse.held()));
    });
    return all;
  }
}
