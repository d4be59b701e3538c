package dev.gatewright.config;

import java.time.Duration;
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

  private Units() {}

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
