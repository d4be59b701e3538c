package dev.gatewright.price;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Pricing;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Prices attempts by the version that was in force when they were opened. Pure but for the book it
/// looks into; thread-safe.
public final class Pricer implements Pricing {
  private final Supplier<PriceBook> book;

  public Pricer(Supplier<PriceBook> book) {
    this.book = book;
  }

  @Override
  public Cost of(Opening opening, Outcome.Usage usage) {
    Charge charge = opening.charge();
    LeafMeters leaves = LeafMeters.of(usage);
    PriceVersion version =
        charge == null || charge.version().isEmpty() ? null : book.get().version(charge.version());
    if (charge == null || version == null) {
      return new Cost(0, true, 0, charge == null ? "" : charge.version(), "", leaves.used());
    }
    Map<String, Long> used = withRequest(version.entry(), leaves.used());
    Conditions conditions = Conditions.parse(charge.conditions()).served(leaves.served());
    String source = version.origin().word() + (leaves.negative() ? "+negative" : "");
    return switch (Arithmetic.price(version.entry(), used, conditions)) {
      case Priced.Cost(long nano) ->
          new Cost(
              nano,
              false,
              charge.wallet() && !opening.test() ? nano : 0,
              version.id(),
              source,
              used);
      case Priced.Unpriced _ -> new Cost(0, true, 0, version.id(), source, used);
    };
  }

  /// A fee for each request that used anything.
  static Map<String, Long> withRequest(PriceEntry entry, Map<String, Long> used) {
    if (used.isEmpty() || !entry.prices(Leaves.REQUESTS)) {
      return used;
    }
    Map<String, Long> all = new TreeMap<>(used);
    all.put(Leaves.REQUESTS, 1L);
    return all;
  }
}
