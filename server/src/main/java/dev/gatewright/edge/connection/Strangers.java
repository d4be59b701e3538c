package dev.gatewright.edge.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Of requests that nobody's key made and that became nothing, so many are told to who collects
/// traces: a flood of them costs no collector more than that. Thread-safe; never waits.
final class Strangers {
  static final int SPANS_A_SECOND = 50;

  /// At once, after a silence.
  static final int SPANS_AT_ONCE = 100;

  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1) / SPANS_A_SECOND;
  private static final long AHEAD_NANOS = SPANS_AT_ONCE * STEP_NANOS;

  private final LongSupplier nanos;

  /// When all that were told would have come, had they come evenly.
  private final AtomicLong evenly;

  Strangers(LongSupplier nanos) {
    this.nanos = nanos;
    this.evenly = new AtomicLong(nanos.getAsLong() - AHEAD_NANOS);
  }

  /// Whether one more is told. Who comes at the very moment of another is not.
  boolean tells() {
    long now = nanos.getAsLong();
    long before = evenly.get();
    long next = (before - now > 0 ? before : now) + STEP_NANOS;
    return next - now <= AHEAD_NANOS && evenly.compareAndSet(before, next);
  }
}
