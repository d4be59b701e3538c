package dev.gatewright.price.fare;

import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.Quantity;
import dev.gatewright.price.book.Rate;
import dev.gatewright.price.book.Ratio;
import dev.gatewright.price.book.Tier;
import dev.gatewright.price.meter.Leaves;
import java.util.List;
import java.util.Map;

/// The most a call can come to: each token at the dearest rate of its side, in the dearest tier,
/// service and region there is. Pure.
final class Reservation {
  private static final List<String> IN = List.of("input", "cache_read", "cache_write");
  private static final List<String> OUT = List.of("output", "reasoning");

  private Reservation() {}

  /// @param input tokens at most
  /// @param output tokens at most
  /// @return nano-USD
  static long most(PriceEntry entry, long input, long output) {
    return most(entry, input, output, Map.of());
  }

  /// @param others used at most beside tokens, by leaf meter; counted where they have a price
  static long most(PriceEntry entry, long input, long output, Map<String, Long> others) {
    Ratio factor = dearest(entry.service().values());
    Ratio region = dearest(entry.factor().values());
    double times = (double) factor.above() / factor.below() * region.above() / region.below();
    double most = (dearest(entry, IN) * input + dearest(entry, OUT) * output) * times;
    most += fee(entry, Leaves.REQUESTS, 1) * times;
    for (Map.Entry<String, Long> other : others.entrySet()) {
      most += fee(entry, other.getKey(), other.getValue()) * times;
    }
    // A part in a million for what the doubles have rounded away.
    return (long) Math.min(Math.ceil(most * 1.000_001) + 1, 1e18);
  }

  /// Rounded as it will be when it is priced.
  private static double fee(PriceEntry entry, String used, long count) {
    String meter = Leaves.rateOf(used);
    double dearest = 0;
    Rate rate = entry.meters().get(meter);
    if (rate != null) {
      dearest = (double) rate.nano() / rate.per();
    }
    for (Tier tier : entry.tiers()) {
      Rate inTier = tier.meters().get(meter);
      if (inTier != null) {
        dearest = Math.max(dearest, (double) inTier.nano() / inTier.per());
      }
    }
    long scale = Leaves.scale(used);
    Quantity quantity = entry.quantity().get(meter);
    return quantity == null || count <= 0
        ? dearest * count / scale
        : dearest * quantity.rounded(count, scale) / scale / quantity.per();
  }

  private static Ratio dearest(Iterable<Ratio> ratios) {
    Ratio dearest = Ratio.ONE;
    for (Ratio ratio : ratios) {
      dearest = ratio.above(dearest) ? ratio : dearest;
    }
    return dearest;
  }

  private static double dearest(PriceEntry entry, List<String> side) {
    double dearest = dearest(entry.meters(), side);
    for (Tier tier : entry.tiers()) {
      dearest = Math.max(dearest, dearest(tier.meters(), side));
    }
    return dearest;
  }

  private static double dearest(Map<String, Rate> rates, List<String> side) {
    double dearest = 0;
    for (Map.Entry<String, Rate> rate : rates.entrySet()) {
      if (side.stream().anyMatch(rate.getKey()::startsWith)) {
        dearest = Math.max(dearest, (double) rate.getValue().nano() / rate.getValue().per());
      }
    }
    return dearest;
  }
}
