package dev.gatewright.price.fare;

import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.Quantity;
import dev.gatewright.price.book.Rate;
import dev.gatewright.price.book.Ratio;
import dev.gatewright.price.book.Tier;
import dev.gatewright.price.meter.Leaves;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What used meters cost: Σ quantity × nano-USD ÷ units × factors, exactly, over a common
/// denominator, rounded up once. Pure.
public final class Arithmetic {
  private static final BigInteger NANO_MAX = BigInteger.valueOf(1_000_000_000_000_000_000L);

  private Arithmetic() {}

  /// One term: `used` × `nano` ÷ `per`.
  record Term(long used, long nano, long per) {}

  /// @param used by leaf meter; disjoint
  public static Priced price(PriceEntry entry, Map<String, Long> used, Conditions conditions) {
    Ratio service = Ratio.ONE;
    if (!conditions.service().isEmpty()) {
      Ratio known = entry.service().get(conditions.service());
      if (known == null) {
        return new Priced.Unpriced("service:" + conditions.service());
      }
      service = known;
    }
    List<Term> terms = new ArrayList<>(used.size());
    for (Map.Entry<String, Long> meter : used.entrySet()) {
      if (meter.getValue() <= 0) {
        continue;
      }
      String name = Leaves.rateOf(meter.getKey());
      Rate rate = rate(entry, name, used);
      if (rate == null) {
        return new Priced.Unpriced(name);
      }
      long scale = Leaves.scale(meter.getKey());
      Quantity quantity = entry.quantity().get(name);
      long count = meter.getValue();
      long per = Math.multiplyExact(rate.per(), scale);
      if (quantity != null) {
        count = quantity.rounded(count, scale);
        per = Math.multiplyExact(per, quantity.per());
      }
      terms.add(new Term(count, rate.nano(), per));
    }
    Ratio region = entry.factor().getOrDefault(conditions.region(), Ratio.ONE);
    return new Priced.Cost(
        sum(terms, service.above() * region.above(), service.below() * region.below()));
  }

  /// Whether what is used under this name has a price.
  static boolean hasRate(PriceEntry entry, String used) {
    String name = Leaves.rateOf(used);
    return entry.prices(name)
        || (name.startsWith(Leaves.REASONING)
            && entry.prices(Leaves.OUTPUT + name.substring(Leaves.REASONING.length())));
  }

  private static @Nullable Rate rate(PriceEntry entry, String name, Map<String, Long> used) {
    Rate rate = entry.meters().get(name);
    for (Tier tier : entry.tiers()) {
      Rate inTier = tier.meters().get(name);
      if (inTier != null && tier.holds(used)) {
        rate = inTier;
      }
    }
    // What was thought is output where nobody asks for more.
    return rate == null && name.startsWith(Leaves.REASONING)
        ? rate(entry, Leaves.OUTPUT + name.substring(Leaves.REASONING.length()), used)
        : rate;
  }

  private static long sum(List<Term> terms, long above, long below) {
    try {
      return small(terms, above, below);
    } catch (ArithmeticException tooLarge) {
      return large(terms, above, below);
    }
  }

  /// Most calls: everything fits 64 bits.
  static long small(List<Term> terms, long above, long below) {
    long common = 1;
    for (Term term : terms) {
      common = Math.multiplyExact(common, term.per / gcd(common, term.per));
    }
    long sum = 0;
    for (Term term : terms) {
      long part = Math.multiplyExact(Math.multiplyExact(term.used, term.nano), common / term.per);
      sum = Math.addExact(sum, part);
    }
    return Math.ceilDiv(Math.multiplyExact(sum, above), Math.multiplyExact(common, below));
  }

  private static long large(List<Term> terms, long above, long below) {
    BigInteger common = BigInteger.ONE;
    for (Term term : terms) {
      BigInteger per = BigInteger.valueOf(term.per);
      common = common.multiply(per.divide(common.gcd(per)));
    }
    BigInteger sum = BigInteger.ZERO;
    for (Term term : terms) {
      sum =
          sum.add(
              BigInteger.valueOf(term.used)
                  .multiply(BigInteger.valueOf(term.nano))
                  .multiply(common.divide(BigInteger.valueOf(term.per))));
    }
    BigInteger[] cost =
        sum.multiply(BigInteger.valueOf(above))
            .divideAndRemainder(common.multiply(BigInteger.valueOf(below)));
    BigInteger up = cost[1].signum() == 0 ? cost[0] : cost[0].add(BigInteger.ONE);
    return up.min(NANO_MAX).longValueExact();
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
