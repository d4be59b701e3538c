package dev.gatewright.price.book;

import dev.gatewright.policy.ListedPrice;
import dev.gatewright.price.meter.Leaves;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one model or service costs from an instant on. Immutable.
///
/// @param model `provider/model` or `service/path`; a final `*` stands for any rest
/// @param tiers the last one that holds wins, meter by meter
/// @param service what other tiers multiply everything by
/// @param factor what regions multiply everything by
/// @param quantity how quantities are rounded, by meter
/// @param freeFields fields of a request that cost nothing beside the meters
/// @param context tokens of input and output together; 0 = not known
/// @param output the most output tokens; 0 = not known
/// @param source where it was read; empty = its maker's own word
/// @param read the day it was read there; null = not said
public record PriceEntry(
    String model,
    Instant from,
    Map<String, Rate> meters,
    List<Tier> tiers,
    Map<String, Ratio> service,
    Map<String, Ratio> factor,
    Map<String, Quantity> quantity,
    Set<String> freeFields,
    long context,
    long output,
    String source,
    @Nullable LocalDate read) {
  public PriceEntry {
    meters = Map.copyOf(meters);
    tiers = List.copyOf(tiers);
    service = Map.copyOf(service);
    factor = Map.copyOf(factor);
    quantity = Map.copyOf(quantity);
    freeFields = Set.copyOf(freeFields);
  }

  boolean pattern() {
    return model.endsWith("*");
  }

  boolean matches(String name) {
    return pattern() ? name.startsWith(model.substring(0, model.length() - 1)) : name.equals(model);
  }

  /// It was announced when somebody read of it, and may never have come true: not applied.
  public boolean forecast() {
    return read != null
        && !source.isEmpty()
        && !from.isBefore(read.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /// Whether something has a price of its own.
  public boolean prices(String rate) {
    return meters.containsKey(rate)
        || tiers.stream().anyMatch(tier -> tier.meters().containsKey(rate));
  }

  /// The dearest of a meter's tiers; null = it has no price. Reasoning without one is output.
  public ListedPrice.@Nullable Listed listed(String meter) {
    String priced = meter.equals("reasoning") && !prices(meter) ? "output" : meter;
    Rate dearest = meters.get(priced);
    for (Tier tier : tiers) {
      Rate rate = tier.meters().get(priced);
      if (rate != null && (dearest == null || rate.dearerThan(dearest))) {
        dearest = rate;
      }
    }
    return dearest == null ? null : new ListedPrice.Listed(dearest.nano(), dearest.per());
  }

  /// What a call costs whatever it uses, in nano-USD; null = it depends on that.
  public @Nullable Long fixedNano() {
    boolean plain = tiers.isEmpty() && service.isEmpty() && factor.isEmpty();
    if (!plain || !prices("input") || !prices("output")) {
      return null;
    }
    for (Map.Entry<String, Rate> meter : meters.entrySet()) {
      if (meter.getValue().nano() != 0 && !meter.getKey().equals(Leaves.REQUESTS)) {
        return null;
      }
    }
    Rate fee = meters.get(Leaves.REQUESTS);
    return fee == null ? 0L : (Long) Math.ceilDiv(fee.nano(), fee.per());
  }

  /// The same price of another model.
  public PriceEntry named(String other) {
    return new PriceEntry(
        other,
        from,
        meters,
        tiers,
        service,
        factor,
        quantity,
        freeFields,
        context,
        output,
        source,
        read);
  }
}
