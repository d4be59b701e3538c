package dev.gatewright.telemetry;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// How long or how much things were: how many, all together, and how many within each of fixed
/// bounds. Counting takes no lock. Thread-safe.
public final class Buckets {
  /// Upper bounds in milliseconds, from an answer out of memory to a long stream.
  private static final long[] BOUNDS_MILLIS = {
    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
  };

  private static final double NANOS = 1e9;

  private final long[] bounds;
  private final double unit;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  /// Of times, counted in nanoseconds and shown in seconds, by our own bounds.
  public Buckets() {
    this(NANOS, nanos(BOUNDS_MILLIS));
  }

  private Buckets(double unit, long[] bounds) {
    this.unit = unit;
    this.bounds = bounds;
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Of times, counted in nanoseconds and shown in seconds.
  public static Buckets ofMillis(long... boundsMillis) {
    return new Buckets(NANOS, nanos(boundsMillis));
  }

  /// Of numbers of things.
  public static Buckets ofCounts(long... bounds) {
    return new Buckets(1, bounds.clone());
  }

  private static long[] nanos(long[] millis) {
    return Arrays.stream(millis).map(TimeUnit.MILLISECONDS::toNanos).toArray();
  }

  /// @param amount nanoseconds, or how many
  public void add(long amount) {
    long counted = Math.max(0, amount);
    int bucket = 0;
    while (bucket < bounds.length && counted > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(counted);
  }

  public long count() {
    long all = 0;
    for (LongAdder count : counts) {
      all += count.sum();
    }
    return all;
  }

  double sum() {
    return sum.sum() / unit;
  }

  /// How many in each bucket by itself; the last one has no bound.
  long[] each() {
    long[] each = new long[counts.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = counts[i].sum();
    }
    return each;
  }

  /// In seconds or things, the last one infinite.
  double[] bounds() {
    double[] shown = new double[counts.length];
    for (int i = 0; i < bounds.length; i++) {
      shown[i] = bounds[i] / unit;
    }
    shown[bounds.length] = Double.POSITIVE_INFINITY;
    return shown;
  }
}
