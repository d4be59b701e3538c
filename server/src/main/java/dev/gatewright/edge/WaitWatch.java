package dev.gatewright.edge;

import java.time.Duration;

/// How long a connection has been waiting for the same thing. Asked at every sweep instead of being
/// armed for each request; a wait is noticed at most one sweep late. Confined to one event loop.
final class WaitWatch {
  /// What a connection waits for from its peer.
  enum Wait {
    NOTHING,
    /// The first byte ever.
    FIRST_BYTE,
    /// The next request.
    NEXT_REQUEST,
    /// The rest of a head.
    HEAD,
    /// More of a body.
    BODY,
    /// That the peer has taken our last answer and closes.
    FAREWELL
  }

  private static final Duration FAREWELL_MAX = Duration.ofSeconds(2);

  private final EdgeLimits limits;
  private Wait last = Wait.NOTHING;
  private long lastProgress;
  private long sinceNanos;

  WaitWatch(EdgeLimits limits) {
    this.limits = limits;
  }

  /// @param progress any number that changes when the wait has brought something
  boolean expired(Wait wait, long progress, long nowNanos) {
    if (wait != last || progress != lastProgress) {
      last = wait;
      lastProgress = progress;
      sinceNanos = nowNanos;
      return false;
    }
    return wait != Wait.NOTHING && nowNanos - sinceNanos > limit(wait).toNanos();
  }

  private Duration limit(Wait wait) {
    return switch (wait) {
      case NOTHING, FAREWELL -> FAREWELL_MAX;
      case FIRST_BYTE, HEAD -> limits.headerTimeout();
      case NEXT_REQUEST -> limits.keepAlive();
      case BODY -> limits.bodyIdle();
    };
  }
}
