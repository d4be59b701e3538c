package dev.gatewright.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.price.book.EntryForm;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.price.book.Usd;
import dev.gatewright.price.fare.Arithmetic;
import dev.gatewright.price.fare.Conditions;
import dev.gatewright.price.fare.Priced;
import dev.gatewright.price.fare.Pricer;
import dev.gatewright.price.meter.Leaves;
import dev.gatewright.rest.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The question what so much would cost.
///
/// @param used by leaf meter
record Quote(String model, Instant at, Conditions conditions, Map<String, Long> used) {
  private static final long COUNT_MAX = 1_000_000_000_000L;
  private static final int TEXT_MAX = 64;
  private static final int METERS_MAX = 64;

  /// @param at null = now
  record Form(
      @Nullable String model,
      @Nullable String at,
      @Nullable String service,
      @Nullable String region,
      @Nullable Map<String, @Nullable JsonNode> meters) {}

  static Quote of(Form form, long nowMillis) {
    if (form.model() == null || form.model().indexOf('/') < 1) {
      throw Problem.wrong(
          "/model",
          "%s (expected: provider/model or service/path)"
              .formatted(form.model() == null ? "missing" : Refusal.shown(form.model())));
    }
    Map<String, Long> used = new TreeMap<>();
    Map<String, @Nullable JsonNode> meters = form.meters() == null ? Map.of() : form.meters();
    if (meters.isEmpty() || meters.size() > METERS_MAX) {
      throw Problem.wrong("/meters", "expected: 1 to %d meters".formatted(METERS_MAX));
    }
    meters.forEach((name, count) -> {
      boolean seconds = name.equals(Leaves.AUDIO_SECONDS);
      if (!Leaves.priced(name)) {
        throw Problem.wrong(
            "/meters/" + name, "%s (expected: a meter)".formatted(Refusal.shown(name)));
      }
      used.put(seconds ? Leaves.AUDIO_MILLIS : name, count(name, count, seconds ? 3 : 0));
    });
    return new Quote(
        form.model(),
        at(form.at(), nowMillis),
        new Conditions(text("/service", form.service()), text("/region", form.region())),
        used);
  }

  private static Instant at(@Nullable String at, long nowMillis) {
    try {
      return at == null ? Instant.ofEpochMilli(nowMillis) : EntryForm.at("/at", at);
    } catch (EntryForm.Misfit misfit) {
      throw Problem.wrong(misfit.pointer(), String.valueOf(misfit.getMessage()));
    }
  }

  private static String text(String pointer, @Nullable String text) {
    if (text != null && text.length() > TEXT_MAX) {
      throw Problem.wrong(pointer, "expected: at most %d characters".formatted(TEXT_MAX));
    }
    return text == null ? "" : text;
  }

  private static long count(String name, @Nullable JsonNode count, int decimals) {
    if (count != null && count.isNumber()) {
      BigDecimal scaled = count.decimalValue().movePointRight(decimals);
      if (scaled.signum() >= 0
          && scaled.compareTo(BigDecimal.valueOf(COUNT_MAX)) <= 0
          && scaled.stripTrailingZeros().scale() <= 0) {
        return scaled.longValueExact();
      }
    }
    throw Problem.wrong(
        "/meters/" + name,
        "%s (expected: 0 to 10^12%s)"
            .formatted(
                Refusal.shown(String.valueOf(count)),
                decimals == 0 ? ", whole" : ", at most 3 decimals"));
  }

  /// What stands before the slash: a provider's id or a service's.
  String owner() {
    return model.substring(0, model.indexOf('/'));
  }

  /// @param version null = there is no price
  /// @param ofService it is one's own service that is called so: without a price it is free
  ObjectNode answer(@Nullable PriceVersion version, boolean ofService) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("model", model);
    answer.put("at", at.toString());
    answer.put("version", version == null ? null : version.id());
    String unpriced = version == null && !ofService ? "model" : null;
    String cost = version == null && ofService ? Usd.text(0) : null;
    if (version != null) {
      PriceEntry entry = version.entry();
      Map<String, Long> counted = ofService ? Pricer.named(entry, used) : used;
      switch (Arithmetic.price(entry, counted, conditions)) {
        case Priced.Cost(long nano) -> cost = Usd.text(nano);
        case Priced.Unpriced(String meter) -> unpriced = meter;
      }
    }
    return answer.put("cost", cost).put("unpriced", unpriced);
  }
}
