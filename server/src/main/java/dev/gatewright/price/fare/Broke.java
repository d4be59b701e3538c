package dev.gatewright.price.fare;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Usd;
import dev.gatewright.price.fare.HardBudgets.BudgetWindow;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/// What a caller is told whose call a purse has no room for: 402, which of them it was, when it is
/// full again, and how small the answer would have to be.
///
/// @param refusal in no dialect yet
/// @param resetsMillis when the budget's window ends; 0 = never
/// @param fitsTokens the largest output cap that would pass; negative = none would, or the call has
///   no tokens
public record Broke(Refusal refusal, long resetsMillis, long fitsTokens) {
  private static final String TYPE = "insufficient_quota";

  private static final Broke DEBT =
      new Broke(
          new Refusal(
              402,
              TYPE,
              "account_in_debt",
              "The organization owes for a payment that was taken back (expected: credit, which pays that first).",
              null,
              0,
              false,
              null),
          0,
          -1);

  /// @param windows of the budgets the call counts in
  /// @param debt the organization owes something
  public static Broke of(
      InsufficientFunds cause, List<BudgetWindow> windows, long fitsTokens, boolean debt) {
    boolean wallet = cause.purse().startsWith(Hold.WALLET);
    if (wallet && debt) {
      return DEBT;
    }
    long resets = 0;
    for (BudgetWindow window : windows) {
      if (window.purse().equals(cause.purse())) {
        resets = window.resetsMillis();
      }
    }
    String fits = fitsTokens > 0 ? "an output cap of at most %d tokens".formatted(fitsTokens) : "";
    String room = Usd.text(Math.max(0, cause.roomNano()));
    String message =
        wallet
            ? "The organization's credit, %s USD, does not cover what this call may cost (expected: more credit%s)."
                .formatted(room, fits.isEmpty() ? "" : ", or " + fits)
            : "A budget has %s USD left, less than this call may cost (expected: %s)."
                .formatted(room, expected(resets, fits));
    return new Broke(
        new Refusal(402, TYPE, wallet ? TYPE : "budget_exceeded", message, null, 0, false, null),
        resets,
        fitsTokens);
  }

  private static String expected(long resetsMillis, String fits) {
    String next =
        resetsMillis == 0
            ? "a higher budget"
            : "to wait until " + Instant.ofEpochMilli(resetsMillis);
    return fits.isEmpty() ? next : next + ", or " + fits;
  }

  /// Puts what goes with the refusal among an answer's headers.
  public void put(BiConsumer<String, String> headers) {
    if (resetsMillis > 0) {
      headers.accept("x-gatewright-resets-at", Instant.ofEpochMilli(resetsMillis).toString());
    }
    headers.accept("x-gatewright-fits-output-tokens", Long.toString(Math.max(0, fitsTokens)));
  }
}
