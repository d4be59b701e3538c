package dev.gatewright.ledger;

import java.util.Map;

/// What an attempt came to.
///
/// @param nano nano-USD by the list price, whoever pays; 0 where it is unpriced
/// @param unpriced there is no price for some of what it used: what it cost is not known
/// @param billed of it, what the organization's wallet pays; the ledger cuts it to what is held
/// @param version the price's; empty = none
/// @param source where the price was read, such as `catalogue`
/// @param meters what was priced, by leaf meter
public record Cost(
    long nano,
    boolean unpriced,
    long billed,
    String version,
    String source,
    Map<String, Long> meters) {
  public static final Cost UNPRICED = new Cost(0, true, 0, "", "", Map.of());

  public Cost {
    meters = Meters.checked(meters);
    if (nano < 0 || billed < 0 || nano > Hold.NANO_MAX || billed > Hold.NANO_MAX) {
      throw new IllegalArgumentException(
          "cost: %d nano-USD, %d billed (expected: 0 to %d)"
              .formatted(nano, billed, Hold.NANO_MAX));
    }
    if (unpriced && (nano != 0 || billed != 0)) {
      throw new IllegalArgumentException(
          "cost: %d nano-USD, %d billed, unpriced (expected: 0)".formatted(nano, billed));
    }
  }
}
