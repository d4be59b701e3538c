package dev.gatewright.key.lookup;

import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The look-ups in the store that are under way: one an id, however many calls wait for it; bounded
/// in number. What a change made stale while it was being read is read again, never kept.
/// Thread-safe; the lock is held for a few map operations only.
final class KeyMisses {
  private static final Logger LOG = LoggerFactory.getLogger(KeyMisses.class);
  private static final int READS_MAX = 4;

  /// Longer than any healthy store takes; then whoever waits is told, and may come again.
  private static final long READ_SECONDS_MAX = 10;

  private final Database database;
  private final KeyLimits limits;
  private final Keeper keeper;
  private final Map<String, Miss> misses = new HashMap<>();
  private int waiters;

  KeyMisses(Database database, KeyLimits limits, Keeper keeper) {
    this.database = database;
    this.limits = limits;
    this.keeper = keeper;
  }

  /// Takes what was read into memory, before anybody who waits hears of it; called under the lock
  /// that [#forget] takes too, so that nothing stale is kept after the news.
  interface Keeper {
    /// @param key null when there is no such key
    void keep(String id, @Nullable StoredKey key);
  }

  /// What a look-up yields.
  sealed interface Result {
    /// @param key null when there is no such key
    record Read(@Nullable StoredKey key) implements Result {}

    record Failed(String reason) implements Result {}
  }

  private static final class Miss {
    final List<Consumer<Result>> waiting = new ArrayList<>();
    boolean stale;
    int reads = 1;
  }

  /// Looks `id` up; `then` runs on a store thread, or at once when there is no room.
  void load(String id, Consumer<Result> then) {
    boolean first = false;
    boolean room;
    synchronized (misses) {
      Miss miss = misses.get(id);
      room = waiters < limits.waitersMax() && (miss != null || misses.size() < limits.missesMax());
      if (room) {
        first = miss == null;
        if (miss == null) {
          miss = new Miss();
          misses.put(id, miss);
        }
        waiters++;
        miss.waiting.add(then);
      }
    }
    if (!room) {
      then.accept(new Result.Failed("lookups_busy"));
    } else if (first) {
      read(id);
    }
  }

  /// Drops what is in memory under `id` through `drop`, and whatever is being read of it now.
  void forget(String id, Runnable drop) {
    synchronized (misses) {
      Miss miss = misses.get(id);
      if (miss != null) {
        miss.stale = true;
      }
      drop.run();
    }
  }

  void forgetAll(Runnable drop) {
    synchronized (misses) {
      misses.values().forEach(miss -> miss.stale = true);
      drop.run();
    }
  }

  private void read(String id) {
    try {
      database
          .readLater(handle -> new Result.Read(KeyStore.find(handle, id).orElse(null)))
          .orTimeout(READ_SECONDS_MAX, TimeUnit.SECONDS)
          .whenComplete((read, failure) -> done(id, failure == null ? read : failed(failure)));
    } catch (RuntimeException refused) {
      done(id, failed(refused));
    }
  }

  private static Result failed(Throwable cause) {
    LOG.warn("a key could not be looked up: {}", String.valueOf(cause.getMessage()));
    return new Result.Failed("store");
  }

  private void done(String id, Result result) {
    List<Consumer<Result>> waiting = List.of();
    Result told = result;
    synchronized (misses) {
      Miss miss = misses.get(id);
      if (miss == null) {
        return;
      }
      if (miss.stale && result instanceof Result.Read && miss.reads < READS_MAX) {
        miss.stale = false;
        miss.reads++;
      } else {
        misses.remove(id);
        waiting = miss.waiting;
        waiters -= waiting.size();
        if (miss.stale) {
          told = new Result.Failed("changing");
        } else if (result instanceof Result.Read read) {
          keeper.keep(id, read.key());
        }
      }
    }
    if (waiting.isEmpty()) {
      read(id);
    }
    for (Consumer<Result> then : waiting) {
      try {
        then.accept(told);
      } catch (RuntimeException bug) {
        LOG.error("a call that waited for its key failed", bug);
      }
    }
  }
}
