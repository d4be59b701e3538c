package dev.gatewright.price.fare;

import dev.gatewright.price.fare.HardBudgets.BudgetWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can run out behind a call opened now.
///
/// @param wallet the purse that pays for it; null = none does
/// @param windows of the hard budgets it counts in
public record Behind(@Nullable String wallet, List<BudgetWindow> windows) {
  /// Whether anything does: then a call needs a price, and room for it.
  public boolean limits() {
    return wallet != null || !windows.isEmpty();
  }
}
