package dev.gatewright.webhook;

import java.time.Duration;

/// When a delivery that was not taken is tried again: soon, for a hiccup; hours later, for an
/// outage; for three days in all.
final class Retries {
  /// From what happened to the last try at the latest.
  static final long LIFE_MILLIS = Duration.ofDays(3).toMillis();

  /// A webhook that took nothing for so long is disabled.
  static final long FAILING_MILLIS_MAX = Duration.ofDays(2).toMillis();

  /// The longest that a receiver may ask us to wait with `Retry-After`.
  static final long ASKED_SECONDS_MAX = Duration.ofHours(6).toSeconds();

  private static final long[] SECONDS = {
    1, 10, 60, 300, 1_800, 7_200, 14_400, 28_800, 43_200, 86_400
  };

  /// Share of a pause by which it may be longer, so that a receiver that comes back is not met by
  /// everybody at once.
  private static final double SPREAD = 0.2;

  private Retries() {}

  /// @param attempts how many there were, 1 or more
  /// @param askedSeconds by `Retry-After`; 0 = nothing
  /// @param chance in [0, 1)
  static long afterMillis(long attempts, long askedSeconds, double chance) {
    int at = (int) Math.min(SECONDS.length, Math.max(1, attempts)) - 1;
    long seconds = Math.max(SECONDS[at], Math.min(askedSeconds, ASKED_SECONDS_MAX));
    return (long) (seconds * 1_000 * (1 + SPREAD * chance));
  }
}
