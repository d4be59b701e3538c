package dev.gatewright.ledger;

/// Prices attempts: when they close, and when another process takes over what was left open. Pure,
/// in memory, from any thread.
@FunctionalInterface
public interface Pricing {
  /// Knows no price.
  Pricing NONE = (_, _) -> Cost.UNPRICED;

  /// @param opening one with a charge
  Cost of(Opening opening, Outcome.Usage usage);
}
