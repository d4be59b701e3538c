package dev.gatewright.testbed;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Waits for a condition with a deadline, on a machine that may be busy.
public final class Await {
  private static final Duration STEP = Duration.ofMillis(5);

  private Await() {}

  public static void until(String what, Duration within, Callable<Boolean> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    @Nullable Throwable last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception | AssertionError e) {
        last = e; // Not yet: the condition may read what does not exist so far.
      }
      Thread.sleep(STEP);
    }
    throw new AssertionError("%s: not within %s".formatted(what, within), last);
  }

  /// Waits up to 20 s.
  public static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within 20 s");
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
