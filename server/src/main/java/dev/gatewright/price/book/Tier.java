package dev.gatewright.price.book;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rates that hold for the whole request once its prompt is so long. Comparator and what counts as
/// the prompt are data: providers differ in both.
///
/// @param orMore true for `>=`, false for `>`
/// @param of the meters that make up the prompt; a final `*` stands for any rest
/// @param meters rates in place of the entry's own
public record Tier(boolean orMore, long prompt, List<String> of, Map<String, Rate> meters) {
  private static final Pattern WHEN = Pattern.compile("prompt\\s*(>=?)\\s*(\\d{1,12})");

  /// What a prompt is where an entry does not say.
  static final List<String> PROMPT = List.of("input*", "cache_read*", "cache_write_*");

  public Tier {
    of = List.copyOf(of);
    meters = Map.copyOf(meters);
  }

  /// @param when such as `prompt > 200000`
  public static Tier of(String when, List<String> of, Map<String, Rate> meters) {
    Matcher match = WHEN.matcher(when.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "%s (expected: prompt > N or prompt >= N)".formatted(when));
    }
    return new Tier(
        match.group(1).equals(">="),
        Long.parseLong(match.group(2)),
        of.isEmpty() ? PROMPT : of,
        meters);
  }

  String when() {
    return "prompt %s %d".formatted(orMore ? ">=" : ">", prompt);
  }

  public boolean holds(Map<String, Long> used) {
    long length = 0;
    for (Map.Entry<String, Long> meter : used.entrySet()) {
      if (counts(meter.getKey())) {
        length += meter.getValue();
      }
    }
    return orMore ? length >= prompt : length > prompt;
  }

  private boolean counts(String meter) {
    for (String pattern : of) {
      boolean wild = pattern.endsWith("*");
      if (wild
          ? meter.startsWith(pattern.substring(0, pattern.length() - 1))
          : meter.equals(pattern)) {
        return true;
      }
    }
    return false;
  }
}
