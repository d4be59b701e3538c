package dev.gatewright.relay;

import dev.gatewright.telemetry.Time;
import java.util.concurrent.TimeUnit;

/// Whether one model of one provider is worth calling. Opens after [#FAILURES_MAX] failures in a
/// row (connect, first byte, 5xx; never a 4xx, never a caller's leaving) and then lets one call
/// through every [#PROBE_SECONDS] as a probe; its success closes the circuit.
///
/// Each acquired call reports exactly one of `success`, `failure`, `ignored`. A probe that never
/// reports only delays the next one: no state waits for it. Thread-safe.
public final class Circuit {
  public static final int FAILURES_MAX = 5;
  public static final int PROBE_SECONDS = 10;

  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(PROBE_SECONDS);

  private final Time time;

  /// Failures in a row; at [#FAILURES_MAX] the circuit is open. Read without the lock: a call more
  /// or less at the moment of opening does no harm.
  private volatile int failures;

  /// When the circuit opened, or the last probe left. Guarded by this.
  private long heldSinceNanos;

  Circuit(Time time) {
    this.time = time;
  }

  /// May a call go now? While open, true for one caller every ten seconds.
  public boolean tryAcquire() {
    return failures < FAILURES_MAX || tryProbe();
  }

  private synchronized boolean tryProbe() {
    if (failures < FAILURES_MAX) {
      return true;
    }
    long now = time.nanos();
    if (now - heldSinceNanos < PROBE_NANOS) {
      return false;
    }
    heldSinceNanos = now;
    return true;
  }

  /// The upstream answered, with whatever status below 500.
  public void success() {
    if (failures != 0) {
      synchronized (this) {
        failures = 0;
      }
    }
  }

  /// No connection, no first byte, or a status of 500 and above.
  public synchronized void failure() {
    if (failures < FAILURES_MAX) {
      failures++;
      heldSinceNanos = time.nanos();
    }
  }

  /// The call says nothing about the upstream: its caller left, or it was refused on the way. If it
  /// was the probe, the next call may probe at once.
  public void ignored() {
    if (failures >= FAILURES_MAX) {
      synchronized (this) {
        heldSinceNanos = time.nanos() - PROBE_NANOS;
      }
    }
  }

  /// Whole seconds until the next probe, at least 1; 0 while closed.
  public synchronized int retryAfterSeconds() {
    if (failures < FAILURES_MAX) {
      return 0;
    }
    long left = PROBE_NANOS - (time.nanos() - heldSinceNanos);
    return (int) Math.max(1, Math.ceilDiv(left, TimeUnit.SECONDS.toNanos(1)));
  }
}
