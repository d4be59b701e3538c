package dev.gatewright.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// How long things took: how many, all together, and how many within each of fixed bounds. Counting
/// takes no lock. Thread-safe.
public final class Buckets {
  /// Upper bounds in milliseconds, from an answer out of memory to a long stream.
  private static final long[] BOUNDS_MILLIS = {
    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
  };

  private static final double NANOS = 1e9;

  private final LongAdder[] counts = new LongAdder[BOUNDS_MILLIS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  public Buckets() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  public void add(long nanos) {
    long took = Math.max(0, nanos);
    int bucket = 0;
    while (bucket < BOUNDS_MILLIS.length
        && took > TimeUnit.MILLISECONDS.toNanos(BOUNDS_MILLIS[bucket])) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(took);
  }

  public long count() {
    long all = 0;
    for (LongAdder count : counts) {
      all += count.sum();
    }
    return all;
  }

  double sumSeconds() {
    return sumNanos.sum() / NANOS;
  }

  /// How many in each bucket by itself; the last one has no bound.
  long[] each() {
    long[] each = new long[counts.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = counts[i].sum();
    }
    return each;
  }

  /// In seconds, the last one infinite.
  static double[] bounds() {
    double[] bounds = new double[BOUNDS_MILLIS.length + 1];
    for (int i = 0; i < BOUNDS_MILLIS.length; i++) {
      bounds[i] = BOUNDS_MILLIS[i] / 1000.0;
    }
    bounds[BOUNDS_MILLIS.length] = Double.POSITIVE_INFINITY;
    return bounds;
  }
}
