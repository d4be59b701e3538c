package dev.gatewright.limit.count;

import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Used;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Limits counted in this process alone: exact, as long as it is the only one, or counts a share of
/// each. Remembers a limit only while it is not as if nobody had asked, and so many at most; never
/// blocks longer than some arithmetic takes. Thread-safe.
public final class LocalLimits {
  private static final int STATES_MAX = 100_000;

  private final ConcurrentHashMap<String, LocalState> states = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final int statesMax;

  /// How many processes share each limit.
  private volatile int sharers = 1;

  /// @param nanos a steady clock
  public LocalLimits(LongSupplier nanos) {
    this(nanos, STATES_MAX);
  }

  /// @param statesMax limits counted at once
  public LocalLimits(LongSupplier nanos, int statesMax) {
    this.nanos = nanos;
    this.statesMax = statesMax;
  }

  /// From now on each limit's ⌊max ÷ sharers⌋ is this process's.
  public void sharers(int count) {
    sharers = Math.max(1, count);
  }

  public int sharers() {
    return sharers;
  }

  /// Takes what is asked for of all limits, or nothing of any.
  ///
  /// @param limits in their order, each once
  public Decision take(List<Limit> limits, Demand demand) {
    long nowNanos = nanos.getAsLong();
    LocalState[] all = new LocalState[limits.size()];
    try {
      for (int i = 0; i < all.length; i++) {
        LocalState state = locked(limits.get(i), nowNanos);
        if (state == null) {
          return new Decision.Full();
        }
        all[i] = state;
      }
      return decide(limits, all, demand, nowNanos);
    } finally {
      for (LocalState state : all) {
        if (state != null) {
          state.lock.unlock();
        }
      }
    }
  }

  /// What was taken elsewhere is no more to be had here, as far as there is any.
  Hold charge(List<Limit> limits, Demand demand) {
    long nowNanos = nanos.getAsLong();
    LocalState[] all = new LocalState[limits.size()];
    long[] amounts = new long[all.length];
    for (int i = 0; i < all.length; i++) {
      Limit limit = limits.get(i);
      LocalState state = locked(limit, nowNanos);
      if (state == null) {
        return new Taken(limits, all, amounts, Standing.NONE, nanos);
      }
      try {
        boolean _ = state.takes(limit, limit.max() / sharers, 0, nowNanos);
        amounts[i] = state.charge(demand.of(limit.kind()));
        all[i] = state;
      } finally {
        state.lock.unlock();
      }
    }
    return new Taken(limits, all, amounts, Standing.NONE, nanos) {
      @Override
      long used(int at, Used used) {
        return Math.min(super.used(at, used), amounts[at]);
      }
    };
  }

  @SuppressWarnings(
      "LockNotBeforeTry") // Whoever asked gives it back, with the locks of the others.
  private @Nullable LocalState locked(Limit limit, long nowNanos) {
    while (true) {
      LocalState state = states.get(limit.id());
      if (state == null) {
        if (states.size() >= statesMax) {
          return null;
        }
        state =
            states.computeIfAbsent(limit.id(), _ -> new LocalState(limit, share(limit), nowNanos));
      }
      state.lock.lock();
      if (!state.dropped()) {
        return state;
      }
      state.lock.unlock();
      states.remove(limit.id(), state);
    }
  }

  /// A bucket has room for one at least, even where nothing of the limit is this process's.
  private long share(Limit limit) {
    return Math.max(1, limit.max() / sharers);
  }

  private Decision decide(List<Limit> limits, LocalState[] all, Demand demand, long nowNanos) {
    int count = sharers;
    long[] amounts = new long[all.length];
    Limit refusing = null;
    long longest = -1;
    for (int i = 0; i < all.length; i++) {
      Limit limit = limits.get(i);
      amounts[i] = demand.of(limit.kind());
      if (!all[i].takes(limit, limit.max() / count, amounts[i], nowNanos)) {
        long wait = limit.max() / count < 1 ? 0 : all[i].waitNanos(amounts[i]);
        refusing = wait > longest ? limit : refusing;
        longest = Math.max(wait, longest);
      }
    }
    if (refusing != null) {
      return new Decision.Refused(refusing, longest, standing(limits, all, count, nowNanos));
    }
    for (int i = 0; i < all.length; i++) {
      amounts[i] = all[i].take(amounts[i]);
    }
    return new Decision.Passed(
        new Taken(limits, all, amounts, standing(limits, all, count, nowNanos), nanos));
  }

  private static Standing standing(List<Limit> limits, LocalState[] all, int count, long nowNanos) {
    Standing standing = new Standing();
    for (int i = 0; i < all.length; i++) {
      Limit limit = limits.get(i);
      boolean _ = all[i].takes(limit, limit.max() / count, 0, nowNanos);
      all[i].show(limit, limit.max() / count, standing);
    }
    return standing;
  }

  /// What a call has taken here.
  private static class Taken implements Hold {
    private final List<Limit> limits;
    private final @Nullable LocalState[] states;
    private final long[] amounts;
    private final Standing standing;
    private final LongSupplier nanos;

    /// @param amounts of each limit
    Taken(
        List<Limit> limits,
        @Nullable LocalState[] states,
        long[] amounts,
        Standing standing,
        LongSupplier nanos) {
      this.limits = limits;
      this.states = states;
      this.amounts = amounts;
      this.standing = standing;
      this.nanos = nanos;
    }

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public boolean countsMoney() {
      return limits.stream().anyMatch(limit -> limit.kind() == LimitKind.SPEND);
    }

    long used(int at, Used used) {
      return used.of(limits.get(at).kind());
    }

    @Override
    public void settle(Used used) {
      long nowNanos = nanos.getAsLong();
      for (int i = 0; i < states.length; i++) {
        LocalState state = states[i];
        if (state == null) {
          continue;
        }
        state.lock.lock();
        try {
          state.settle(amounts[i], used(i, used), nowNanos);
        } finally {
          state.lock.unlock();
        }
      }
    }
  }

  /// How limits stand, without taking anything.
  public Standing look(List<Limit> limits) {
    long nowNanos = nanos.getAsLong();
    int count = sharers;
    Standing standing = new Standing();
    for (Limit limit : limits) {
      LocalState state = states.get(limit.id());
      if (state == null) {
        standing.add(limit, limit.max() / count, 0);
        continue;
      }
      state.lock.lock();
      try {
        boolean _ = state.takes(limit, limit.max() / count, 0, nowNanos);
        state.show(limit, limit.max() / count, standing);
      } finally {
        state.lock.unlock();
      }
    }
    return standing;
  }

  /// Forgets limits that are as if nobody had asked.
  public void sweep() {
    long nowNanos = nanos.getAsLong();
    for (Iterator<Map.Entry<String, LocalState>> each = states.entrySet().iterator();
        each.hasNext(); ) {
      LocalState state = each.next().getValue();
      state.lock.lock();
      try {
        if (state.drop(nowNanos)) {
          each.remove();
        }
      } finally {
        state.lock.unlock();
      }
    }
  }

  /// How many limits are kept count of, for tests and meters.
  public int count() {
    return states.size();
  }
}
