package dev.gatewright.limit.term;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// In what time a limit's whole amount comes back.
public enum Window {
  SECOND(Duration.ofSeconds(1)),
  MINUTE(Duration.ofMinutes(1)),
  HOUR(Duration.ofHours(1)),
  /// Twenty-four hours, no calendar's day.
  DAY(Duration.ofDays(1));

  /// All words, for errors.
  public static final String WORDS = "second, minute, hour or day";

  private final Duration length;

  Window(Duration length) {
    this.length = length;
  }

  public long nanos() {
    return length.toNanos();
  }

  public long seconds() {
    return length.toSeconds();
  }

  /// As in JSON, in errors and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable Window of(@Nullable String word) {
    for (Window window : values()) {
      if (window.word().equals(word)) {
        return window;
      }
    }
    return null;
  }
}
