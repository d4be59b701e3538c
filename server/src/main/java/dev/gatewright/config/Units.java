package dev.gatewright.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Amounts written with their unit, as in the configuration and on the command line.
public final class Units {
  /// What a duration looks like, for messages.
  public static final String DURATION = "a duration such as 500ms, 5s, 2m, 1h or 30d";

  /// What a number of bytes looks like, for messages.
  public static final String BYTES = "bytes such as 512, 64B, 32KiB, 20MiB or 1GiB";

  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s?([A-Za-z]*)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private static final List<Map.Entry<String, Long>> DURATIONS_SHOWN = largestFirst(MILLIS);
  private static final List<Map.Entry<String, Long>> SIZES_SHOWN = largestFirst(SIZES);

  private Units() {}

  private static List<Map.Entry<String, Long>> largestFirst(Map<String, Long> units) {
    return units.entrySet().stream()
        .filter(unit -> !unit.getKey().isEmpty())
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .toList();
  }

  /// Null when `text` is not [#DURATION]. A number without a unit is none: it would be guessed
  /// wrong.
  public static @Nullable Duration duration(String text) {
    Long millis = amount(text, MILLIS);
    return millis == null ? null : Duration.ofMillis(millis);
  }

  /// Null when `text` is not [#BYTES].
  public static @Nullable Long bytes(String text) {
    return amount(text, SIZES);
  }

  /// As [#duration(String)] reads it.
  static String shown(Duration duration) {
    return shown(duration.toMillis(), DURATIONS_SHOWN);
  }

  /// As [#bytes(String)] reads it.
  static String shown(long bytes) {
    return shown(bytes, SIZES_SHOWN);
  }

  /// By the largest unit that it is a whole number of.
  private static String shown(long amount, List<Map.Entry<String, Long>> units) {
    for (Map.Entry<String, Long> unit : units) {
      if (amount != 0 && amount % unit.getValue() == 0) {
        return amount / unit.getValue() + unit.getKey();
      }
    }
    return amount + units.getLast().getKey();
  }

  private static @Nullable Long amount(String text, Map<String, Long> factors) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    Long factor = factors.get(matcher.group(2));
    if (factor == null) {
      return null;
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    } catch (ArithmeticException tooMuch) {
      return null;
    }
  }
}
