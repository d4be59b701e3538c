package dev.gatewright.edge.connection;

import dev.gatewright.edge.EdgeLimits;
import java.time.Duration;

/// How long a connection has been waiting for the same thing. Asked at every sweep instead of being
/// armed for each request; a wait is noticed at most one sweep late. Confined to one event loop.
public final class WaitWatch {
  /// What a connection waits for from its peer.
  public enum Wait {
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

  /// A peer that still sends is read on for so long at most, and for so long while nothing comes.
  private static final Duration FAREWELL_MAX = Duration.ofSeconds(30);

  private static final Duration FAREWELL_IDLE_MAX = Duration.ofSeconds(5);

  /// For the first head of a connection beyond those there are places for.
  public static final Duration PROBATION_MAX = Duration.ofSeconds(1);

  private final EdgeLimits limits;
  private Wait last = Wait.NOTHING;
  private long lastProgress;
  private long sinceNanos;
  private long beganNanos;
  private boolean probation;

  public WaitWatch(EdgeLimits limits, boolean probation) {
    this.limits = limits;
    this.probation = probation;
  }

  /// @param progress any number that changes when the wait has brought something
  public boolean expired(Wait wait, long progress, long nowNanos) {
    if (wait != last) {
      beganNanos = nowNanos;
      probation &= wait == Wait.FIRST_BYTE || wait == Wait.HEAD;
    }
    if (wait == Wait.FAREWELL && nowNanos - beganNanos > FAREWELL_MAX.toNanos()) {
      return true;
    }
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
      case NOTHING, FAREWELL -> FAREWELL_IDLE_MAX;
      case FIRST_BYTE, HEAD -> probation ? PROBATION_MAX : limits.headerTimeout();
      case NEXT_REQUEST -> limits.keepAlive();
      case BODY -> limits.bodyIdle();
    };
  }
}
