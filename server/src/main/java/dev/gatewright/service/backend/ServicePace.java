package dev.gatewright.service.backend;

/// How fast a service works calls off, by how long its last ones took. Thread-safe.
final class ServicePace {
  /// While nothing is known.
  static final int UNKNOWN_SECONDS = 5;

  static final int SECONDS_MAX = 60;
  private static final int CALLS = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long[] tookNanos = new long[CALLS];
  private int known;
  private int next;
  private long sumNanos;

  /// A call has given its place back, however it ended.
  synchronized void took(long nanos) {
    sumNanos += nanos - tookNanos[next];
    tookNanos[next] = nanos;
    next = (next + 1) % CALLS;
    known = Math.min(known + 1, CALLS);
  }

  /// When so many more calls will have been served, were they all like the last ones; at least 1.
  ///
  /// @param places calls that run at once
  synchronized int secondsUntil(int turns, int places) {
    if (known == 0) {
      return UNKNOWN_SECONDS;
    }
    double nanos = (double) sumNanos / known * turns / Math.max(1, places);
    return (int) Math.clamp(Math.ceil(nanos / NANOS_PER_SECOND), 1, SECONDS_MAX);
  }
}
