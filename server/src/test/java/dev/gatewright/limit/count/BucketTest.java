package dev.gatewright.limit.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Window;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Held against an oracle of another kind: a log of all that was taken, and exact fractions.
class BucketTest {
  private static final int DECISIONS = 300_000;
  private static final int DECISIONS_LONG = 10_000_000;

  @Test
  void every_decision_is_the_oracles() {
    decide(new Random().nextLong(), DECISIONS);
  }

  @Test
  @Tag("long")
  void every_decision_of_ten_million_is_the_oracles() {
    decide(new Random().nextLong(), DECISIONS_LONG);
  }

  private static void decide(long seed, int decisions) {
    Random random = new Random(seed);
    int left = decisions;
    while (left > 0) {
      int these = Math.min(left, 1 + random.nextInt(5_000));
      List<Window> windows = List.of(Window.values());
      Window window = windows.get(random.nextInt(windows.size()));
      long max =
          switch (random.nextInt(4)) {
            case 0 -> 1L + random.nextInt(10);
            case 1 -> 1L + random.nextInt(10_000);
            case 2 -> 1 + random.nextLong(Limit.AMOUNT_MAX);
            default -> 1 + random.nextLong(Limit.SPEND_MAX);
          };
      run("seed %d, %d a %s".formatted(seed, max, window.word()), random, max, window, these);
      left -= these;
    }
  }

  private static void run(String what, Random random, long max, Window window, int decisions) {
    long now = random.nextLong(Long.MAX_VALUE / 4);
    Bucket bucket = new Bucket(max, window.nanos(), now);
    Oracle oracle = new Oracle(max, window.nanos(), now);
    ArrayDeque<Long> open = new ArrayDeque<>();
    for (int i = 0; i < decisions; i++) {
      now += pause(random, max, window);
      bucket.at(now);
      oracle.at(now);
      if (!open.isEmpty() && random.nextInt(3) == 0) {
        long taken = open.remove();
        long used = random.nextInt(8) == 0 ? amount(random, max) : random.nextLong(taken + 1);
        bucket.settle(taken, used);
        oracle.settle(taken, used);
      }
      long cost = amount(random, max);
      boolean passes = bucket.takes(cost);
      assertThat(passes)
          .as("%s, decision %d, cost %d", what, i, cost)
          .isEqualTo(oracle.takes(cost));
      if (passes) {
        long taken = bucket.take(cost);
        oracle.take(taken);
        open.add(taken);
      } else {
        oracle.waits(bucket.waitNanos(cost), cost, what);
      }
      assertThat(BigInteger.valueOf(bucket.left())).as(what).isEqualTo(oracle.left());
    }
  }

  private static long pause(Random random, long max, Window window) {
    long one = Math.max(1, window.nanos() / max);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> 0;
      case 3, 4 -> random.nextLong(one + 1);
      case 5 -> one;
      case 6 -> random.nextLong(window.nanos() / 4);
      default -> random.nextInt(50) == 0 ? random.nextLong(3 * window.nanos()) : 1;
    };
  }

  private static long amount(Random random, long max) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> max;
      case 2 -> max + 1 + random.nextInt(100);
      case 3, 4 -> 1 + random.nextLong(max);
      default -> Math.min(max, 1 + random.nextInt(3));
    };
  }

  /// What is there in window-ths of a unit, with no division at all.
  private static final class Oracle {
    private final BigInteger max;
    private final BigInteger window;
    private BigInteger parts;
    private long at;

    Oracle(long max, long windowNanos, long now) {
      this.max = BigInteger.valueOf(max);
      this.window = BigInteger.valueOf(windowNanos);
      this.parts = this.max.multiply(window);
      this.at = now;
    }

    void at(long now) {
      parts = parts.add(max.multiply(BigInteger.valueOf(now - at))).min(max.multiply(window));
      at = now;
    }

    boolean takes(long cost) {
      return parts.signum() >= 0
          && parts.compareTo(BigInteger.valueOf(cost).min(max).multiply(window)) >= 0;
    }

    void take(long amount) {
      parts = parts.subtract(BigInteger.valueOf(amount).multiply(window));
    }

    void settle(long taken, long used) {
      parts =
          parts.add(BigInteger.valueOf(taken - used).multiply(window)).min(max.multiply(window));
      BigInteger lowest = BigInteger.valueOf(Long.MIN_VALUE / 4);
      if (left().compareTo(lowest) < 0) {
        parts = lowest.multiply(window).add(parts.mod(window));
      }
    }

    /// After so long it passes, and a nanosecond earlier it does not.
    void waits(long nanos, long cost, String what) {
      BigInteger wanted = BigInteger.valueOf(cost).min(max).multiply(window);
      BigInteger then = parts.add(max.multiply(BigInteger.valueOf(nanos)));
      assertThat(then).as(what).isGreaterThanOrEqualTo(wanted);
      assertThat(then.subtract(max)).as(what).isLessThan(wanted);
    }

    /// Whole units, rounded down.
    BigInteger left() {
      BigInteger[] divided = parts.divideAndRemainder(window);
      return divided[1].signum() < 0 ? divided[0].subtract(BigInteger.ONE) : divided[0];
    }
  }

  @Test
  void in_any_time_no_more_passes_than_is_promised() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int world = 0; world < 200; world++) {
      long max = 1L + random.nextInt(50);
      long window = Window.SECOND.nanos();
      Bucket bucket = new Bucket(max, window, 0);
      long[] passed = new long[400];
      int count = 0;
      for (long now = 0; count < passed.length; now += random.nextLong(2 * window / max)) {
        bucket.at(now);
        if (bucket.takes(1)) {
          bucket.take(1);
          passed[count++] = now;
        }
      }
      for (int from = 0; from < count; from++) {
        for (int to = from; to < count; to++) {
          // (to − from + 1) ≤ max + max · t / window, without a division
          assertThat((to - from + 1 - max) * window)
              .as("seed %d, world %d", seed, world)
              .isLessThanOrEqualTo(max * (passed[to] - passed[from]));
        }
      }
    }
  }

  @Test
  void what_is_dearer_than_everything_passes_when_everything_is_there() {
    Bucket bucket = new Bucket(100, Window.MINUTE.nanos(), 0);
    assertThat(bucket.takes(1_024)).isTrue();
    assertThat(bucket.take(1_024)).isEqualTo(100);
    assertThat(bucket.takes(1)).isFalse();
    bucket.at(Window.MINUTE.nanos() - 1);
    assertThat(bucket.takes(1_024)).isFalse();
    bucket.at(Window.MINUTE.nanos());
    assertThat(bucket.takes(1_024)).isTrue();
  }

  @Test
  void debt_lets_nothing_pass_until_it_has_flowed_off() {
    Bucket bucket = new Bucket(60, Window.MINUTE.nanos(), 0);
    long taken = bucket.take(10);
    bucket.settle(taken, 70);
    assertThat(bucket.left()).isEqualTo(-10);
    assertThat(bucket.takes(0)).isFalse();
    bucket.at(10 * Window.SECOND.nanos());
    assertThat(bucket.takes(0)).isTrue();
    assertThat(bucket.takes(1)).isFalse();
  }

  @Test
  void what_comes_back_never_makes_more_than_full() {
    Bucket bucket = new Bucket(60, Window.MINUTE.nanos(), 0);
    long taken = bucket.take(50);
    bucket.at(Window.MINUTE.nanos());
    bucket.settle(taken, 0);
    assertThat(bucket.left()).isEqualTo(60);
  }
}
