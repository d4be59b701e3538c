package dev.gatewright.share;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing that everybody shares, counted in its own unit. Two rules say how much of it one may
/// have: never more than its share of the whole, and one more only while it holds no more than its
/// part of what is still free (the *dynamic threshold* of Choudhury and Hahne). So a few who take
/// all they can leave as much free as one of them has, whoever comes new finds something, and what
/// was left for others comes back by itself when they go. The same holds for all keys of an
/// organization together, and all addresses of a network, whose share is half of what one of them
/// leaves beyond it.
///
/// All together take no more than there is, and a reserve beyond that is the local command line's,
/// so that an operator can act whatever goes on. Remembers holders only while they hold something.
/// Thread-safe; its lock is held for some arithmetic.
public final class Shares {
  /// What came of asking.
  public enum Taken {
    YES,
    /// This holder has its share already.
    SHARE_FULL,
    /// Others have all the rest, or what of it may go to somebody new.
    ALL_FULL
  }

  private final long total;
  private final long keyMax;
  private final long addressMax;
  private final long reserve;
  private final Map<Holder, Held> holders = new HashMap<>();

  /// By organization and network.
  private final Map<Holder, Long> groups = new HashMap<>();

  private long taken;

  /// @param group as it was said when the first of it was taken; null = none
  private record Held(long amount, @Nullable Holder group) {}

  /// @param total for everybody but the local command line
  /// @param keyMax of it, for one key, where nobody else has any
  /// @param addressMax of it, for one address, where nobody else has any
  /// @param reserve beyond it, for the local command line alone
  public Shares(long total, long keyMax, long addressMax, long reserve) {
    if (total < 1 || keyMax < 1 || addressMax < 1 || reserve < 0) {
      throw new IllegalArgumentException(
          "shares of %d: %d a key, %d an address, %d in reserve (expected: ≥ 1, ≥ 1, ≥ 1, ≥ 0)"
              .formatted(total, keyMax, addressMax, reserve));
    }
    this.total = total;
    this.keyMax = Math.min(total, keyMax);
    this.addressMax = Math.min(total, addressMax);
    this.reserve = reserve;
  }

  /// No share of anybody's is smaller than all of it.
  public static Shares undivided(long total) {
    return new Shares(total, total, total, 0);
  }

  /// Takes all of `amount` or nothing; what was taken is given back once by [#give].
  public synchronized Taken take(Holder holder, long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("amount: %d (expected: ≥ 0)".formatted(amount));
    }
    if (amount == 0) {
      return Taken.YES;
    }
    Held held = holders.get(holder);
    long before = held == null ? 0 : held.amount;
    Holder group = held == null ? holder.group() : held.group;
    long own = before + amount;
    long groups = group == null ? 0 : this.groups.getOrDefault(group, 0L) + amount;
    long max = maxOf(holder);
    if (own > max) {
      return max < total ? Taken.SHARE_FULL : Taken.ALL_FULL;
    }
    long all = taken + amount;
    if (all > (holder instanceof Holder.Local ? total + reserve : total)) {
      return Taken.ALL_FULL;
    }
    long free = total - all;
    long groupMax = ofGroup(max);
    if (groups > groupMax || !fair(own, max, free, total) || !fair(groups, groupMax, free, total)) {
      return before > 0 ? Taken.SHARE_FULL : Taken.ALL_FULL;
    }
    holders.put(holder, new Held(own, group));
    if (group != null) {
      this.groups.put(group, groups);
    }
    taken = all;
    return Taken.YES;
  }

  /// The dynamic threshold: the last unit taken was within `max` ÷ (`total` − `max`) of what was
  /// free before it. So one that has nothing may always have one, if there is one.
  ///
  /// @param after what it would have
  /// @param max what it may have where nobody else has any
  /// @param free what would be left
  public static boolean fair(long after, long max, long free, long total) {
    return max >= total
        || (double) (after - 1) * (total - max) <= (double) max * (Math.max(0, free) + 1);
  }

  /// What an organization, or a network, may have where nobody else has any.
  private long ofGroup(long max) {
    return max >= total ? max : max + Math.ceilDiv(total - max, 2);
  }

  /// @throws IllegalStateException when the holder does not hold so much
  public synchronized void give(Holder holder, long amount) {
    if (amount == 0) {
      return;
    }
    Held held = holders.get(holder);
    if (held == null || held.amount < amount) {
      throw new IllegalStateException(
          "%d given back, of %d taken".formatted(amount, held == null ? 0 : held.amount));
    }
    if (held.amount == amount) {
      holders.remove(holder);
    } else {
      holders.put(holder, new Held(held.amount - amount, held.group));
    }
    if (held.group != null) {
      groups.computeIfPresent(held.group, (_, had) -> had == amount ? null : (Long) (had - amount));
    }
    taken -= amount;
  }

  /// What one holder has.
  public synchronized long held(Holder holder) {
    Held held = holders.get(holder);
    return held == null ? 0 : held.amount;
  }

  /// What all have together.
  public synchronized long taken() {
    return taken;
  }

  /// How many hold something; groups do by their members.
  synchronized int holders() {
    return holders.size() + groups.size();
  }

  private long maxOf(Holder holder) {
    return switch (holder) {
      case Holder.Key _ -> keyMax;
      case Holder.Address _ -> addressMax;
      case Holder.Proxy _ -> total;
      case Holder.Local _ -> total + reserve;
      case Holder.Organization _, Holder.Network _ ->
          throw new IllegalArgumentException(holder + " holds by its members");
    };
  }
}
