package dev.gatewright.room.settings;

import org.jspecify.annotations.Nullable;

/// What became of one capability at one provider.
///
/// @param outcome `applied`, `approximated` or `unsupported`
/// @param reason why not applied in full, for the caller; null when there is nothing to say
public record Outcome(String outcome, @Nullable String reason) {
  public static final Outcome APPLIED = new Outcome("applied", null);

  public static Outcome approximated(String reason) {
    return new Outcome("approximated", reason);
  }

  public static Outcome unsupported(String reason) {
    return new Outcome("unsupported", reason);
  }

  public boolean isApplied() {
    return outcome.equals("applied");
  }
}
