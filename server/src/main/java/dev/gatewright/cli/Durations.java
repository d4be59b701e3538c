package dev.gatewright.cli;

import dev.gatewright.config.Units;

/// Durations given as options.
final class Durations {
  private Durations() {}

  /// `text` itself, if it is a duration.
  static String checked(String option, String text) {
    if (Units.duration(text) == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s: %s (expected: %s)".formatted(option, text, Units.DURATION));
    }
    return text;
  }
}
