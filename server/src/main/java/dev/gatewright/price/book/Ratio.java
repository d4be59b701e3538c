package dev.gatewright.price.book;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a price is multiplied by, exactly: `1/2` for a batch, `11/10` in a region.
public record Ratio(long above, long below) {
  public static final Ratio ONE = new Ratio(1, 1);
  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:/(\\d{1,6}))?");

  public Ratio {
    if (above < 0 || below < 1) {
      throw new IllegalArgumentException("%d/%d".formatted(above, below));
    }
  }

  /// @throws IllegalArgumentException when it is none
  public static Ratio parse(String text) {
    Matcher match = TEXT.matcher(text);
    String below = match.matches() ? match.group(2) : "0";
    if (!match.matches() || (below != null && Long.parseLong(below) == 0)) {
      throw new IllegalArgumentException("%s (expected: a ratio, such as 1/2)".formatted(text));
    }
    return new Ratio(Long.parseLong(match.group(1)), below == null ? 1 : Long.parseLong(below));
  }

  String text() {
    return below == 1 ? Long.toString(above) : above + "/" + below;
  }

  public boolean above(Ratio other) {
    return above * other.below > other.above * below;
  }
}
