package dev.gatewright.job;

/// When a job that failed is tried again: after 5, 15 and 60 s, for that mends a hiccup while
/// somebody waits for a code; then after twice as long each time, an hour at most, for that mends
/// an outage.
final class Retries {
  private static final long[] FIRST_MILLIS = {5_000, 15_000, 60_000};
  private static final long MILLIS_MAX = 3_600_000;
  private static final int DOUBLINGS_MAX = 6;

  private Retries() {}

  /// @param attempts how many there were, 1 or more
  static long afterMillis(int attempts) {
    if (attempts <= FIRST_MILLIS.length) {
      return FIRST_MILLIS[attempts - 1];
    }
    int doublings = Math.min(DOUBLINGS_MAX, attempts - FIRST_MILLIS.length);
    return Math.min(MILLIS_MAX, FIRST_MILLIS[FIRST_MILLIS.length - 1] << doublings);
  }
}
