package dev.gatewright.testbed;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Waits for a condition with a deadline, on a machine that may be busy.
final class Await {
  private static final Duration STEP = Duration.ofMillis(5);

  private Await() {}

  static void until(String what, Duration within, Callable<Boolean> condition)
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
}
