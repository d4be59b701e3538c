package dev.gatewright.llm.listing;

import dev.gatewright.telemetry.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How many providers are asked at once, and how many of them for one organization: answers take
/// memory, and a provider that says nothing keeps its place for long. Thread-safe; blocks.
final class QuestionPlaces {
  private static final int ALL_MAX = 12;
  private static final int EACH_MAX = 3;

  /// Those of the configuration, on nobody's behalf.
  private static final int COMMON_MAX = 6;

  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Time time;

  /// Guarded by this.
  private final Map<String, Integer> taken = new HashMap<>();

  private int all;

  QuestionPlaces(Time time) {
    this.time = time;
  }

  /// Waits for a place; false where there is none for long.
  synchronized boolean take(String organizationId) {
    int most = organizationId.isEmpty() ? COMMON_MAX : EACH_MAX;
    long until = time.nanos() + WAIT_NANOS;
    try {
      while (all >= ALL_MAX || taken.getOrDefault(organizationId, 0) >= most) {
        long left = until - time.nanos();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
    all++;
    taken.merge(organizationId, 1, Integer::sum);
    return true;
  }

  synchronized void give(String organizationId) {
    all--;
    taken.computeIfPresent(organizationId, (_, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }
}
