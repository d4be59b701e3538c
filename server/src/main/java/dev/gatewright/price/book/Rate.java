package dev.gatewright.price.book;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// So much for so many, as quoted: $0.111 an hour is no whole number of anything a second.
///
/// @param nano nano-USD
/// @param per units, at least 1
public record Rate(long nano, long per) {
  private static final Pattern USD = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");
  private static final Pattern PER = Pattern.compile("(\\d{1,12})([kM]?)");
  private static final long NANO_MAX = 1_000_000_000_000_000_000L;

  public Rate {
    if (nano < 0 || nano > NANO_MAX || per < 1) {
      throw new IllegalArgumentException("%d nano-USD per %d".formatted(nano, per));
    }
  }

  /// @param usd a decimal, such as `0.111`
  /// @param per `1`, `1k`, `1M`, `3600`
  /// @throws IllegalArgumentException when they are none
  public static Rate of(String usd, String per) {
    return new Rate(nano(usd), units(per));
  }

  /// Of one text: `3.00/1M`.
  public static Rate parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "%s (expected: USD/units, such as 3.00/1M)".formatted(text));
    }
    return of(text.substring(0, slash).strip(), text.substring(slash + 1).strip());
  }

  private static long nano(String usd) {
    if (!USD.matcher(usd).matches() || new BigDecimal(usd).compareTo(new BigDecimal("1e9")) > 0) {
      throw new IllegalArgumentException(
          "%s (expected: USD from 0 to 10^9 with at most 9 decimals)".formatted(usd));
    }
    return new BigDecimal(usd).movePointRight(9).longValueExact();
  }

  private static long units(String per) {
    Matcher match = PER.matcher(per);
    long scale =
        match.matches()
            ? switch (match.group(2)) {
              case "k" -> 1_000;
              case "M" -> 1_000_000;
              default -> 1;
            }
            : 0;
    long units = scale == 0 ? 0 : Math.multiplyExact(Long.parseLong(match.group(1)), scale);
    if (units < 1) {
      throw new IllegalArgumentException(
          "%s (expected: units, such as 1, 1k or 1M)".formatted(per));
    }
    return units;
  }

  boolean dearerThan(Rate other) {
    return BigInteger.valueOf(nano)
            .multiply(BigInteger.valueOf(other.per))
            .compareTo(BigInteger.valueOf(other.nano).multiply(BigInteger.valueOf(per)))
        > 0;
  }

  /// As it is written: `3/1M`.
  String text() {
    String usd = BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString();
    return usd + "/" + perText();
  }

  String usd() {
    return BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString();
  }

  String perText() {
    return per % 1_000_000 == 0
        ? per / 1_000_000 + "M"
        : per % 1_000 == 0 ? per / 1_000 + "k" : Long.toString(per);
  }
}
