package dev.gatewright.policy;

import org.jspecify.annotations.Nullable;

/// What a model costs by list price, as far as rules ask. Immutable.
@FunctionalInterface
public interface ListedPrice {
  /// So many nano-USD for so many units.
  ///
  /// @param per at least 1
  record Listed(long nano, long per) {}

  /// The dearest of a meter's tiers; null = the meter has no price.
  @Nullable Listed dearest(String meter);
}
