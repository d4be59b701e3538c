package dev.gatewright.ledger;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Money as people and JSON write it, `-?\d+(\.\d{1,9})?` in USD, and as it is kept: whole
/// nano-USD.
public final class Usd {
  /// What a payment, grant or limit may be: up to 10⁹ USD.
  public static final String PAYMENT = "a string such as \"12.50\", > 0, at most 1000000000";

  private static final Pattern FORM = Pattern.compile("-?[0-9]{1,10}(\\.[0-9]{1,9})?");
  private static final int DECIMALS = 9;

  private Usd() {}

  /// Empty when this is no amount, or beyond 10⁹ USD either way.
  public static OptionalLong parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    long nano = new BigDecimal(text).movePointRight(DECIMALS).longValueExact();
    return Math.abs(nano) > Hold.NANO_MAX ? OptionalLong.empty() : OptionalLong.of(nano);
  }

  /// The same where a payment is meant: more than nothing.
  public static OptionalLong payment(String text) {
    OptionalLong nano = parse(text);
    return nano.isPresent() && nano.getAsLong() > 0 ? nano : OptionalLong.empty();
  }

  /// As short as it goes: `12.5`, `0`.
  public static String text(long nano) {
    return nano == 0
        ? "0"
        : BigDecimal.valueOf(nano, DECIMALS).stripTrailingZeros().toPlainString();
  }
}
