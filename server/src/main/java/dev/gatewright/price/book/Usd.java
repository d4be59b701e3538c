package dev.gatewright.price.book;

import java.math.BigDecimal;

/// Money in JSON: a decimal text in USD, with no more digits than it needs.
public final class Usd {
  private Usd() {}

  /// @param nano nano-USD
  public static String text(long nano) {
    return BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString();
  }
}
