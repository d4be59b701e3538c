package dev.gatewright.share;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// One thing that everybody shares, counted in its own unit: nobody takes more than a share of it,
/// all together take no more than there is, and a reserve beyond that is the local command line's,
/// so that an operator can act whatever goes on. Remembers holders only while they hold something.
/// Thread-safe, never blocks.
public final class Shares {
  /// What came of asking.
  public enum Taken {
    YES,
    /// This holder has its share already.
    SHARE_FULL,
    /// Others have all the rest.
    ALL_FULL
  }

  private final long total;
  private final long keyMax;
  private final long addressMax;
  private final long reserve;
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentHashMap<Holder, Long> holders = new ConcurrentHashMap<>();

  /// @param total for everybody but the local command line
  /// @param keyMax of it, for one key
  /// @param addressMax of it, for one address
  /// @param reserve beyond it, for the local command line alone
  public Shares(long total, long keyMax, long addressMax, long reserve) {
    if (total < 1 || keyMax < 1 || addressMax < 1 || reserve < 0) {
      throw new IllegalArgumentException(
          "shares of %d: %d a key, %d an address, %d in reserve (expected: ≥ 1, ≥ 1, ≥ 1, ≥ 0)"
              .formatted(total, keyMax, addressMax, reserve));
    }
    this.total = total;
    this.keyMax = keyMax;
    this.addressMax = addressMax;
    this.reserve = reserve;
  }

  /// No share of anybody's is smaller than all of it.
  public static Shares undivided(long total) {
    return new Shares(total, total, total, 0);
  }

  /// Takes all of `amount` or nothing; what was taken is given back once by [#give].
  public Taken take(Holder holder, long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("amount: %d (expected: ≥ 0)".formatted(amount));
    }
    if (amount == 0) {
      return Taken.YES;
    }
    boolean[] fits = new boolean[1];
    long max = maxOf(holder);
    holders.compute(
        holder,
        (_, held) -> {
          long before = held == null ? 0 : held;
          fits[0] = before + amount <= max;
          return fits[0] ? Long.valueOf(before + amount) : held;
        });
    if (!fits[0]) {
      return max < total ? Taken.SHARE_FULL : Taken.ALL_FULL;
    }
    if (taken.addAndGet(amount) > (holder instanceof Holder.Local ? total + reserve : total)) {
      give(holder, amount);
      return Taken.ALL_FULL;
    }
    return Taken.YES;
  }

  /// @throws IllegalStateException when the holder does not hold so much
  public void give(Holder holder, long amount) {
    if (amount == 0) {
      return;
    }
    holders.compute(
        holder,
        (_, held) -> {
          if (held == null || held < amount) {
            throw new IllegalStateException("%d given back, of %s taken".formatted(amount, held));
          }
          return held == amount ? null : Long.valueOf(held - amount);
        });
    taken.addAndGet(-amount);
  }

  /// What one holder has.
  public long held(Holder holder) {
    return holders.getOrDefault(holder, 0L);
  }

  /// What all have together.
  public long taken() {
    return taken.get();
  }

  /// How many hold something.
  int holders() {
    return holders.size();
  }

  private long maxOf(Holder holder) {
    return switch (holder) {
      case Holder.Key _ -> keyMax;
      case Holder.Address _ -> addressMax;
      case Holder.Proxy _ -> total;
      case Holder.Local _ -> total + reserve;
    };
  }
}
