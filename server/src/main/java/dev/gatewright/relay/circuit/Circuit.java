package dev.gatewright.relay.circuit;

import dev.gatewright.telemetry.Time;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Whether one model of one provider is worth calling. Opens after [#FAILURES_MAX] failures in a
/// row and then lets one call through every [#PROBE_SECONDS] as a probe; one that is answered lets
/// all through again. Never counted are a 4xx and a caller's leaving.
///
/// No caller can open it alone: a failure that a call may have brought on itself counts once a key.
/// Where other keys ask as well, the key whose call failed last waits twice as long for a probe.
///
/// Each acquired call reports exactly one of `success`, `failure`, `ignored`. A probe that never
/// reports only delays the next one: no state waits for it. Thread-safe.
public final class Circuit {
  /// Whose fault a failure may be.
  public enum Failure {
    /// No connection, no first byte in time, or the upstream says that it has too much to do.
    OF_THE_UPSTREAM,
    /// Anything else: such a call may fail everywhere.
    OF_THE_CALL;

    private static final int UNAVAILABLE = 503;
    private static final int OVERLOADED = 529;

    /// @param status 500 or more
    public static Failure ofStatus(int status) {
      return status == UNAVAILABLE || status == OVERLOADED ? OF_THE_UPSTREAM : OF_THE_CALL;
    }
  }

  public static final int FAILURES_MAX = 5;
  public static final int PROBE_SECONDS = 10;

  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(PROBE_SECONDS);

  private final Time time;

  /// Failures in a row; at [#FAILURES_MAX] the circuit is open. Read without the lock: a call more
  /// or less at the moment of opening does no harm.
  private volatile int failures;

  /// Keys whose calls failed by what may be their own fault, at most [#FAILURES_MAX]. Guarded by
  /// this.
  private final Set<String> failedKeys = new HashSet<>();

  private @Nullable String lastFailedKey;

  /// Another key than that one was turned away since the last probe left. Guarded by this.
  private boolean othersWait;

  /// When the circuit opened, or the last probe left. Guarded by this.
  private long heldSinceNanos;

  Circuit(Time time) {
    this.time = time;
  }

  /// May a call of this key go now? While open, true for one caller every ten seconds.
  public boolean tryAcquire(String key) {
    return failures < FAILURES_MAX || tryProbe(key);
  }

  private synchronized boolean tryProbe(String key) {
    if (failures < FAILURES_MAX) {
      return true;
    }
    long now = time.nanos();
    if (now - heldSinceNanos < waitNanos(key)) {
      othersWait |= !key.equals(lastFailedKey);
      return false;
    }
    heldSinceNanos = now;
    othersWait = false;
    return true;
  }

  private long waitNanos(String key) {
    return othersWait && key.equals(lastFailedKey) ? 2 * PROBE_NANOS : PROBE_NANOS;
  }

  /// An answer is on its way: enough to let calls through again, not to forget what was before.
  public void begun() {
    if (failures >= FAILURES_MAX) {
      synchronized (this) {
        failures = FAILURES_MAX - 1;
      }
    }
  }

  /// The upstream answered, to the end, with whatever status below 500.
  public void success() {
    if (failures != 0) {
      synchronized (this) {
        failures = 0;
        failedKeys.clear();
        lastFailedKey = null;
      }
    }
  }

  public synchronized void failure(Failure failure, String key) {
    lastFailedKey = key;
    if (failures < FAILURES_MAX && (failure == Failure.OF_THE_UPSTREAM || failedKeys.add(key))) {
      failures++;
      heldSinceNanos = time.nanos();
    }
  }

  /// The call says nothing about the upstream: its caller left, or it was refused on the way. If it
  /// was the probe, the next call may probe at once.
  public void ignored() {
    if (failures >= FAILURES_MAX) {
      synchronized (this) {
        heldSinceNanos = time.nanos() - 2 * PROBE_NANOS;
      }
    }
  }

  /// Whole seconds until this key's next probe, at least 1; 0 while closed.
  public synchronized int retryAfterSeconds(String key) {
    if (failures < FAILURES_MAX) {
      return 0;
    }
    long left = waitNanos(key) - (time.nanos() - heldSinceNanos);
    return (int) Math.max(1, Math.ceilDiv(left, TimeUnit.SECONDS.toNanos(1)));
  }
}
