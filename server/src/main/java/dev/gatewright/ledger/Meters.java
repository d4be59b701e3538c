package dev.gatewright.ledger;

import java.util.Map;
import java.util.TreeMap;

/// Leaf meters (`web_search`, `input_audio` …) and how much of each, as one text:
/// `input_audio=12,web_search=3`, sorted by name. Empty for none.
public final class Meters {
  /// Stands before the tier an answer says it was served by: no meter, but what prices depend on.
  public static final String TIER_PREFIX = "tier_";

  private static final int MAX = 64;
  private static final String NAME = "[a-z0-9_]{1,64}";

  private Meters() {}

  static Map<String, Long> checked(Map<String, Long> meters) {
    if (meters.isEmpty()) {
      return Map.of();
    }
    if (meters.size() > MAX) {
      throw new IllegalArgumentException(
          "meters: %d (expected: at most %d)".formatted(meters.size(), MAX));
    }
    Map<String, Long> bounded = new TreeMap<>();
    meters.forEach((name, count) -> {
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException("meter: \"%s\" (expected: %s)".formatted(name, NAME));
      }
      bounded.put(name, Outcome.Usage.bounded(count));
    });
    return java.util.Collections.unmodifiableMap(bounded);
  }

  public static String text(Map<String, Long> meters) {
    if (meters.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(meters)
        .forEach((name, count) -> text.append(name).append('=').append(count).append(','));
    text.setLength(text.length() - 1);
    return text.toString();
  }

  /// @throws IllegalArgumentException when this is no such text
  public static Map<String, Long> parse(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> meters = new TreeMap<>();
    for (String each : text.split(",", -1)) {
      int equals = each.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("meters: \"%s\" (expected: name=count)".formatted(each));
      }
      meters.put(each.substring(0, equals), Long.parseLong(each.substring(equals + 1)));
    }
    return checked(meters);
  }
}
