package dev.gatewright.ledger;

import java.util.List;

/// What an attempt is priced by, and what is kept aside for it; decided before it is sent and never
/// again. An attempt without one is neither priced nor paid for.
///
/// @param version the price's; empty = nothing is priced, and it is let through all the same
/// @param conditions what the price depends on beside the meters, such as `tier=batch,region=us`;
///   [Pricing] knows how to read it
/// @param wallet it goes out with the platform's credential, so a wallet pays where there is one
/// @param holds at most one a purse; where there is one, the opening is durable before anything is
///   sent
public record Charge(String version, String conditions, boolean wallet, List<Hold> holds) {
  /// More purses than stand behind one call: its organization's wallet, and budgets of key, member,
  /// project and organization.
  public static final int HOLDS_MAX = 16;

  /// What the wallet pays of it: never more than it holds, and nothing where there is none.
  public long billed(Cost cost) {
    for (Hold hold : holds) {
      if (hold.wallet()) {
        return hold.spent(cost);
      }
    }
    return 0;
  }

  /// Nothing is known of its price, and its row says so.
  public static final Charge UNPRICED = new Charge("", "", false, List.of());

  private static final int TEXT_MAX = 256;

  public Charge {
    holds = List.copyOf(holds);
    if (version.length() > TEXT_MAX || conditions.length() > TEXT_MAX) {
      throw new IllegalArgumentException(
          "price version, conditions: %d, %d characters (expected: at most %d)"
              .formatted(version.length(), conditions.length(), TEXT_MAX));
    }
    if (holds.size() > HOLDS_MAX
        || (holds.size() > 1
            && holds.stream().map(Hold::purse).distinct().count() != holds.size())) {
      throw new IllegalArgumentException(
          "holds: %s (expected: at most %d, one a purse)".formatted(holds, HOLDS_MAX));
    }
  }
}
