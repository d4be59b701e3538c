package dev.gatewright.price.fare;

import dev.gatewright.ledger.Charge;
import dev.gatewright.price.fare.HardBudgets.BudgetWindow;
import java.util.List;

/// What one attempt is opened with: its price, and what is kept aside for it.
///
/// @param windows of the hard budgets it counts in
/// @param demand what it may use at most
public record Reserved(Charge charge, List<BudgetWindow> windows, Demand demand) {
  /// Something is kept aside, so its opening is durable before anything is sent.
  public boolean holds() {
    return !charge.holds().isEmpty();
  }
}
