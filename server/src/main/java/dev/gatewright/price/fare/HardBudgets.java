package dev.gatewright.price.fare;

import dev.gatewright.account.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which windows of hard budgets stand behind a call. Reads memory alone; for event loops.
@FunctionalInterface
public interface HardBudgets {
  /// There are none.
  HardBudgets NONE = (_, _, _, _) -> List.of();

  /// @param personId `per_…` of the key's owner; null = a key that belongs to no person
  List<BudgetWindow> behind(Tenant tenant, String keyId, @Nullable String personId, long atMillis);

  /// @param purse what is reserved from
  /// @param resetsMillis when the window ends, epoch milliseconds; 0 = never
  record BudgetWindow(String purse, long resetsMillis) {}
}
