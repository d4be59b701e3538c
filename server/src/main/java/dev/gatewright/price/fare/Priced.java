package dev.gatewright.price.fare;

/// What used meters come to by one price.
public sealed interface Priced {
  /// @param nano nano-USD
  record Cost(long nano) implements Priced {}

  /// Something that was used has no price: what it cost is not known, and never 0.
  ///
  /// @param meter what has none
  record Unpriced(String meter) implements Priced {}
}
