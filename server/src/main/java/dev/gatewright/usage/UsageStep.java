package dev.gatewright.usage;

import org.jspecify.annotations.Nullable;

/// How long the steps of a series are.
public enum UsageStep {
  QUARTER("15m"),
  HOUR("1h"),
  DAY("1d"),
  MONTH("1mo");

  static final String WORDS = "15m, 1h, 1d or 1mo";

  final String word;

  UsageStep(String word) {
    this.word = word;
  }

  static @Nullable UsageStep of(String word) {
    for (UsageStep step : values()) {
      if (step.word.equals(word)) {
        return step;
      }
    }
    return null;
  }
}
