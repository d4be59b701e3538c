package dev.gatewright.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/// Latencies in log-linear buckets, at most 1.6 % off. Thread-safe.
final class Histogram {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private final AtomicLongArray counts = new AtomicLongArray((64 - SUB_BITS) * SUB);

  void add(long nanos) {
    counts.incrementAndGet(index(Math.max(0, nanos)));
  }

  /// @param share 0.5 for the median
  /// @return nanoseconds; 0 when nothing was added
  long quantile(double share) {
    long total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    long wanted = (long) Math.ceil(total * share);
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
      if (sum >= wanted && sum > 0) {
        return value(i);
      }
    }
    return 0;
  }

  private static int index(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
    return (int) ((shift + 1) * (long) SUB + (value >>> shift) - SUB);
  }

  private static long value(int index) {
    if (index < SUB) {
      return index;
    }
    int shift = index / SUB - 1;
    return ((long) (index % SUB + SUB) << shift) + (1L << shift) / 2;
  }
}
