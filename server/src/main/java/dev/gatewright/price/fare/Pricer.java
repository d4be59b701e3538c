package dev.gatewright.price.fare;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Pricing;
import dev.gatewright.price.book.LeafMeters;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.price.meter.Leaves;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Prices attempts by the version that was in force when they were opened. Pure but for the book it
/// looks into; thread-safe.
public final class Pricer implements Pricing {
  private static final String FREE = "free";

  private final Supplier<PriceBook> book;

  public Pricer(Supplier<PriceBook> book) {
    this.book = book;
  }

  @Override
  public Cost of(Opening opening, Outcome.Usage usage) {
    Charge charge = opening.charge();
    LeafMeters leaves = LeafMeters.of(usage);
    if (charge != null && Charges.free(charge)) {
      return new Cost(0, false, 0, "", FREE, leaves.used());
    }
    PriceVersion version =
        charge == null || charge.version().isEmpty() ? null : book.get().version(charge.version());
    if (charge == null || version == null) {
      return new Cost(0, true, 0, charge == null ? "" : charge.version(), "", leaves.used());
    }
    Conditions conditions = Conditions.parse(charge.conditions()).served(leaves.served());
    Reckoned priced =
        opening.facets().service().isEmpty()
            ? ofModel(version.entry(), leaves.used(), conditions)
            : ofService(version.entry(), leaves.used(), conditions);
    String source =
        version.origin().word()
            + (leaves.negative() ? "+negative" : "")
            + (priced.asked ? "+asked" : "");
    return switch (priced.priced) {
      case Priced.Cost(long nano) ->
          new Cost(
              nano,
              false,
              charge.wallet() && !opening.test() ? nano : 0,
              version.id(),
              source,
              priced.used);
      case Priced.Unpriced _ -> new Cost(0, true, 0, version.id(), source, priced.used);
    };
  }

  /// @param asked it is what the request asked for that was priced
  private record Reckoned(Priced priced, Map<String, Long> used, boolean asked) {}

  private static Reckoned ofModel(PriceEntry entry, Map<String, Long> used, Conditions conditions) {
    Map<String, Long> all = withRequest(entry, used);
    return new Reckoned(Arithmetic.price(entry, all, conditions), all, false);
  }

  /// A service is counted in what can be told of it, which is not always what it is priced by.
  private static Reckoned ofService(
      PriceEntry entry, Map<String, Long> used, Conditions conditions) {
    Reckoned measured = ofModel(entry, named(entry, used), conditions);
    if (measured.priced instanceof Priced.Cost || conditions.asked().isEmpty()) {
      return measured;
    }
    Reckoned asked = ofModel(entry, conditions.asked(), conditions);
    return asked.priced instanceof Priced.Cost
        ? new Reckoned(asked.priced, asked.used, true)
        : measured;
  }

  /// What counts by a service's price: its fee for a request covers what it does not name.
  public static Map<String, Long> named(PriceEntry entry, Map<String, Long> used) {
    if (used.isEmpty() || !entry.prices(Leaves.REQUESTS)) {
      return used;
    }
    Map<String, Long> named = new TreeMap<>(used);
    named.keySet().removeIf(meter -> !Arithmetic.hasRate(entry, meter));
    named.put(Leaves.REQUESTS, 1L);
    return named;
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
