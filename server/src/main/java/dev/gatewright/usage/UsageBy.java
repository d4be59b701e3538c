package dev.gatewright.usage;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What usage is summed by. `requests` counts distinct requests within each group: a request has
/// one model, key and day (the day it began), but may have tried several targets and providers, and
/// counts once in the group of each.
public enum UsageBy {
  /// The name the callers asked for.
  MODEL("model", "first_attempts", "ordinal = 0"),
  /// `provider/model` as used.
  TARGET("target", "first_on_target", "first_on_target = 1"),
  PROVIDER("provider", "first_on_provider", "first_on_provider = 1"),
  KEY("key_id", "first_attempts", "ordinal = 0"),
  /// Days of UTC.
  DAY("day", "first_attempts", "ordinal = 0");

  /// Words for messages.
  static final String WORDS = "model, target, provider, key or day";

  /// The column to group by, `requests` from the hourly sums, and the condition that says the same
  /// of a single row.
  final String column;

  final String hourRequests;
  final String rowIsRequest;

  UsageBy(String column, String hourRequests, String rowIsRequest) {
    this.column = column;
    this.hourRequests = hourRequests;
    this.rowIsRequest = rowIsRequest;
  }

  /// The word in the query and the name of the field in the answer.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable UsageBy of(String word) {
    for (UsageBy by : values()) {
      if (by.word().equals(word)) {
        return by;
      }
    }
    return null;
  }
}
