package dev.gatewright.edge;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for a condition, not for a time.
final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Await() {}

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("condition not met within " + LIMIT);
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }
}
