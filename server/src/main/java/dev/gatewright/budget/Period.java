package dev.gatewright.budget;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How long one window of a budget is.
public enum Period {
  DAY,
  WEEK,
  MONTH,
  /// One window, which does not end.
  LIFETIME;

  /// All words, for errors.
  public static final String WORDS = "day, week, month or lifetime";

  /// As in JSON and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable Period of(@Nullable String word) {
    for (Period period : values()) {
      if (period.word().equals(word)) {
        return period;
      }
    }
    return null;
  }
}
