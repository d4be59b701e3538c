package dev.gatewright.ledger;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Leaf meters (`web_search`, `input_audio` …) and how much of each, as one text:
/// `input_audio=12,web_search=3`, sorted by name. Empty for none.
public final class Meters {
  /// Stands before the tier an answer says it was served by: no meter, but what prices depend on.
  public static final String TIER_PREFIX = "tier_";

  private static final int MAX = 64;
  private static final int NAME_MAX = 64;

  private Meters() {}

  /// Checked, sorted, never changed again; what has been through here passes as it is.
  static Map<String, Long> checked(Map<String, Long> meters) {
    if (meters.isEmpty()) {
      return Map.of();
    }
    if (meters instanceof MeterCounts known) {
      return known;
    }
    if (meters.size() > MAX) {
      throw new IllegalArgumentException(
          "meters: %d (expected: at most %d)".formatted(meters.size(), MAX));
    }
    String[] names = meters.keySet().toArray(String[]::new);
    Arrays.sort(names);
    long[] counts = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      if (!named(names[i])) {
        throw new IllegalArgumentException(
            "meter: \"%s\" (expected: [a-z0-9_]{1,%d})".formatted(names[i], NAME_MAX));
      }
      counts[i] = Outcome.Usage.bounded(meters.getOrDefault(names[i], 0L));
    }
    return new MeterCounts(names, counts);
  }

  /// By hand: each call asks it of several names, and again when it is read back.
  private static boolean named(String name) {
    int length = name.length();
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
        return false;
      }
    }
    return length > 0 && length <= NAME_MAX;
  }

  public static String text(Map<String, Long> meters) {
    return checked(meters) instanceof MeterCounts counts ? counts.text() : "";
  }

  /// @throws IllegalArgumentException when this is no such text
  public static Map<String, Long> parse(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> meters = new HashMap<>();
    for (int begin = 0; begin <= text.length(); ) {
      int comma = text.indexOf(',', begin);
      int end = comma < 0 ? text.length() : comma;
      int equals = text.indexOf('=', begin);
      if (equals < 0 || equals > end) {
        throw new IllegalArgumentException(
            "meters: \"%s\" (expected: name=count)".formatted(text.substring(begin, end)));
      }
      meters.put(text.substring(begin, equals), Long.parseLong(text, equals + 1, end, 10));
      begin = end + 1;
    }
    return checked(meters);
  }
}
