package dev.gatewright.limit.count;

import java.math.BigInteger;

/// What is left of an amount that comes back evenly over a time: full it holds `max`, and `max`
/// flow in during each window. In whole units, with the rest of each division kept, so that no
/// decision is off by rounding: in any time t at most `max + max · t / window` are taken. Below 0
/// when more was used than had been taken beforehand: that debt flows off first. Not thread-safe.
final class Bucket {
  private long max;
  private long windowNanos;
  private long left;
  private long atNanos;

  /// Of the division by the window: 0 ≤ rest < window.
  private long rest;

  Bucket(long max, long windowNanos, long nowNanos) {
    this.max = max;
    this.windowNanos = windowNanos;
    this.left = max;
    this.atNanos = nowNanos;
  }

  long max() {
    return max;
  }

  /// What may be taken now; negative = debt.
  long left() {
    return left;
  }

  boolean full() {
    return left >= max;
  }

  /// Brings it up to date. A clock that stands still or goes back changes nothing.
  void at(long nowNanos) {
    long elapsed = nowNanos - atNanos;
    if (elapsed <= 0) {
      return;
    }
    atNanos = nowNanos;
    if (left >= max || (left >= 0 && elapsed >= windowNanos)) {
      fill();
      return;
    }
    long flowed;
    if (Math.multiplyHigh(elapsed, max) == 0 && elapsed * max >= 0) {
      long sum = elapsed * max;
      // Split, so that the rest cannot carry it beyond 64 bits.
      flowed = sum / windowNanos;
      rest += sum % windowNanos;
    } else {
      BigInteger[] parts =
          BigInteger.valueOf(elapsed)
              .multiply(BigInteger.valueOf(max))
              .divideAndRemainder(BigInteger.valueOf(windowNanos));
      flowed = parts[0].bitLength() < Long.SIZE ? parts[0].longValue() : Long.MAX_VALUE;
      rest += parts[1].longValue();
    }
    if (rest >= windowNanos) {
      rest -= windowNanos;
      flowed = flowed == Long.MAX_VALUE ? flowed : flowed + 1;
    }
    add(flowed);
  }

  private void add(long amount) {
    if (amount >= max - left) {
      fill();
    } else {
      left += amount;
    }
  }

  private void fill() {
    left = max;
    rest = 0;
  }

  /// What `cost` comes to here: more than everything passes when everything is there.
  private long capped(long cost) {
    return Math.min(cost, max);
  }

  /// Whether `cost` may be taken. Debt lets nothing pass, not even what costs nothing.
  boolean takes(long cost) {
    return left >= 0 && left >= capped(cost);
  }

  /// Takes what [#takes].
  ///
  /// @return what was taken
  long take(long cost) {
    long taken = capped(cost);
    left -= taken;
    return taken;
  }

  /// How long until `cost` may be taken, if nobody else takes any.
  ///
  /// @return nanoseconds; 0 = now
  long waitNanos(long cost) {
    long missing = Math.max(capped(cost), 0) - left;
    return missing <= 0 ? 0 : flowNanos(missing);
  }

  /// How long until it is full, if nobody takes any.
  long fullNanos() {
    return full() ? 0 : flowNanos(max - left);
  }

  /// ⌈(amount · window − rest) / max⌉
  private long flowNanos(long amount) {
    if (Math.multiplyHigh(amount, windowNanos) == 0 && amount * windowNanos >= 0) {
      long product = amount * windowNanos - rest;
      return product <= 0 ? 0 : (product - 1) / max + 1;
    }
    BigInteger needed =
        BigInteger.valueOf(amount)
            .multiply(BigInteger.valueOf(windowNanos))
            .subtract(BigInteger.valueOf(rest))
            .add(BigInteger.valueOf(max - 1))
            .divide(BigInteger.valueOf(max));
    return needed.bitLength() < Long.SIZE ? Math.max(0, needed.longValue()) : Long.MAX_VALUE;
  }

  /// What was used is known: `taken` comes back and `used` goes. Never above full.
  void settle(long taken, long used) {
    if (taken >= used) {
      add(taken - used);
    } else {
      // More debt than this nobody outlives.
      left = Math.max(left - (used - taken), Long.MIN_VALUE / 4);
    }
  }

  /// Another amount or window from now on: what was taken stays taken.
  void resize(long newMax, long newWindowNanos) {
    if (newMax != max) {
      left = newMax - (max - left);
      max = newMax;
    }
    if (newWindowNanos != windowNanos) {
      windowNanos = newWindowNanos;
    }
    rest = left >= max ? 0 : Math.min(rest, windowNanos - 1);
  }
}
