package dev.gatewright.cli.command.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.command.price.PriceSheet.Priced;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a catalogue says otherwise than this gate's prices do.
///
/// @param rows for people and for JSON
/// @param bodies what would be sent to make it so, by model
/// @param refused a meter is off by ten times or more: a mistake of units, until somebody looks
record PriceChanges(ArrayNode rows, Map<String, ObjectNode> bodies, boolean refused) {
  private static final BigDecimal OFF = BigDecimal.TEN;
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /// @param only models this matches; null = those the gate has a price for or a name leads to
  static PriceChanges of(GateClient gate, PriceSheet sheet, @Nullable String only) {
    Map<String, JsonNode> now = new TreeMap<>();
    for (JsonNode each : Pages.all(gate::get, "/api/prices?limit=200").path("data")) {
      // The later of a model comes later.
      if (each.path("active").asBoolean() && !each.path("forecast").asBoolean()) {
        now.put(each.path("model").asText(), each);
      }
    }
    TreeSet<String> wanted = new TreeSet<>(now.keySet());
    for (JsonNode model : Pages.all(gate::get, "/api/models?limit=200").path("data")) {
      model.path("targets").forEach(target -> wanted.add(target.asText()));
    }
    Pattern pattern = only == null ? null : glob(only);
    ArrayNode rows = GateClient.JSON.createArrayNode();
    Map<String, ObjectNode> bodies = new TreeMap<>();
    boolean refused = false;
    for (Map.Entry<String, Priced> each : sheet.models().entrySet()) {
      String model = each.getKey();
      if (pattern == null ? !wanted.contains(model) : !pattern.matcher(model).matches()) {
        continue;
      }
      int before = rows.size();
      for (String meter : new TreeSet<>(each.getValue().meters().keySet())) {
        BigDecimal theirs = each.getValue().meters().get(meter);
        BigDecimal ours = rate(now.get(model), meter);
        if (theirs == null || (ours != null && ours.compareTo(theirs) == 0)) {
          continue;
        }
        boolean off = off(ours, theirs);
        refused |= off;
        rows.addObject()
            .put("model", model)
            .put("meter", meter)
            .put("now", ours == null ? null : PriceSheet.usd(ours))
            .put("file", PriceSheet.usd(theirs))
            .put("note", off ? "off by 10 times or more" : ours == null ? "new" : "");
      }
      if (rows.size() > before) {
        bodies.put(model, body(model, each.getValue(), sheet.format()));
      }
    }
    return new PriceChanges(rows, bodies, refused);
  }

  private static Pattern glob(String text) {
    return Pattern.compile(
        text.endsWith("*")
            ? Pattern.quote(text.substring(0, text.length() - 1)) + ".*"
            : Pattern.quote(text));
  }

  /// USD a million.
  private static @Nullable BigDecimal rate(@Nullable JsonNode price, String meter) {
    JsonNode rate = price == null ? null : price.path("meters").path(meter);
    if (rate == null || !rate.has("usd")) {
      return null;
    }
    String per = rate.path("per").asText("1");
    BigDecimal units =
        switch (per.charAt(per.length() - 1)) {
          case 'M' -> new BigDecimal(per.substring(0, per.length() - 1)).multiply(MILLION);
          case 'k' ->
              new BigDecimal(per.substring(0, per.length() - 1))
                  .multiply(BigDecimal.valueOf(1_000));
          default -> new BigDecimal(per);
        };
    return new BigDecimal(rate.path("usd").asText())
        .multiply(MILLION)
        .divide(units, MathContext.DECIMAL64);
  }

  private static boolean off(@Nullable BigDecimal ours, BigDecimal theirs) {
    if (ours == null || ours.signum() == 0) {
      return false;
    }
    return theirs.compareTo(ours.multiply(OFF)) >= 0 || ours.compareTo(theirs.multiply(OFF)) >= 0;
  }

  private static ObjectNode body(String model, Priced priced, String format) {
    ObjectNode body = GateClient.JSON.createObjectNode().put("model", model);
    rates(body.putObject("meters"), priced.meters());
    priced
        .tiers()
        .forEach((tokens, meters) -> {
          ObjectNode tier = body.withArray("tiers").addObject();
          tier.put("when", "prompt > " + tokens);
          rates(tier.putObject("meters"), meters);
        });
    if (priced.context() > 0) {
      body.put("context", priced.context());
    }
    if (priced.output() > 0) {
      body.put("output", priced.output());
    }
    return body.put("source", "import:" + format);
  }

  private static void rates(ObjectNode into, Map<String, BigDecimal> meters) {
    meters.forEach(
        (meter, usd) -> into.putObject(meter).put("usd", PriceSheet.usd(usd)).put("per", "1M"));
  }

  /// The columns of [#rows].
  static List<String> columns() {
    return List.of("model", "meter", "now", "file", "note");
  }
}
