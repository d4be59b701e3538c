package dev.gatewright.price.book;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A price written down: the same text for the same price, so that it can be told again by its
/// hash.
public final class EntryView {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final int ID_BYTES = 12;

  private EntryView() {}

  public static ObjectNode tree(PriceEntry entry) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("model", entry.model()).put("from", entry.from().toString());
    rates(tree.putObject("meters"), entry.meters());
    if (!entry.tiers().isEmpty()) {
      entry
          .tiers()
          .forEach(tier -> {
            ObjectNode each = tree.withArray("tiers").addObject().put("when", tier.when());
            tier.of().forEach(each.putArray("of")::add);
            rates(each.putObject("meters"), tier.meters());
          });
    }
    ratios(tree, "service", entry.service());
    ratios(tree, "factor", entry.factor());
    if (!entry.quantity().isEmpty()) {
      ObjectNode quantities = tree.putObject("quantity");
      new TreeMap<>(entry.quantity())
          .forEach((name, quantity) -> {
            ObjectNode each = quantities.putObject(name);
            if (quantity.per() > 1) {
              each.put("per", quantity.per());
            }
            each.put("min", quantity.min()).put("step", quantity.step());
            each.put("round", quantity.nearest() ? "nearest" : "up");
          });
    }
    if (!entry.freeFields().isEmpty()) {
      new TreeSet<>(entry.freeFields()).forEach(tree.putArray("free_fields")::add);
    }
    if (entry.context() > 0) {
      tree.put("context", entry.context());
    }
    if (entry.output() > 0) {
      tree.put("output", entry.output());
    }
    if (!entry.source().isEmpty()) {
      tree.put("source", entry.source());
    }
    if (entry.read() != null) {
      tree.put("read", entry.read().toString());
    }
    return tree;
  }

  private static void rates(ObjectNode into, Map<String, Rate> rates) {
    new TreeMap<>(rates)
        .forEach(
            (name, rate) -> into.putObject(name).put("usd", rate.usd()).put("per", rate.perText()));
  }

  private static void ratios(ObjectNode into, String name, Map<String, Ratio> ratios) {
    if (!ratios.isEmpty()) {
      ObjectNode all = into.putObject(name);
      new TreeMap<>(ratios).forEach((key, ratio) -> all.put(key, ratio.text()));
    }
  }

  /// What [#tree] wrote.
  public static PriceEntry read(String text) {
    try {
      return JSON.readValue(text, EntryForm.class).checked(Instant.EPOCH);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a price that cannot be read: " + e.getOriginalMessage());
    }
  }

  /// `pri_…` of a price that stands in a file: the same wherever and whenever it is read.
  public static String id(PriceVersion.Origin origin, String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((origin.word() + "\n" + text).getBytes(StandardCharsets.UTF_8));
      return "pri_" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
