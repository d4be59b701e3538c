package dev.gatewright.cli.command;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.config.Units;

/// Durations given as options.
public final class Durations {
  private Durations() {}

  /// `text` itself, if it is a duration.
  public static String checked(String option, String text) {
    if (Units.duration(text) == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s: %s (expected: %s)".formatted(option, text, Units.DURATION));
    }
    return text;
  }
}
