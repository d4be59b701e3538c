package dev.gatewright.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The look-ups in the store that are under way for what memory does not hold: one an id, however
/// many calls wait for it; bounded in number. What a change made stale while it was being read is
/// read again, never kept. Thread-safe; the lock is held for a few map operations only.
///
/// @param <K> what is looked up
/// @param <V> what is found
public final class LookUps<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(LookUps.class);
  private static final int READS_MAX = 4;

  /// Longer than any healthy store takes; then whoever waits is told, and may come again.
  private static final long READ_SECONDS_MAX = 10;

  private final Database database;
  private final Terms terms;
  private final Reader<K, V> reader;
  private final Keeper<K, V> keeper;
  private final Map<K, Miss<V>> misses = new HashMap<>();
  private int waiters;

  /// @param database of the lane for look-ups
  public LookUps(Database database, Terms terms, Reader<K, V> reader, Keeper<K, V> keeper) {
    this.database = database;
    this.terms = terms;
    this.reader = reader;
    this.keeper = keeper;
  }

  /// @param noun what is looked up, for the log, such as `a key`
  /// @param missesMax ids looked up at once
  /// @param waitersMax calls that wait for them
  public record Terms(String noun, int missesMax, int waitersMax) {}

  /// @param <K> what is looked up
  /// @param <V> what is found
  @FunctionalInterface
  public interface Reader<K, V> {
    V read(Handle handle, K id);
  }

  /// Takes what was read into memory, before anybody who waits hears of it; called under the lock
  /// that [#forget] takes too, so that nothing stale is kept after the news.
  ///
  /// @param <K> what is looked up
  /// @param <V> what is found
  @FunctionalInterface
  public interface Keeper<K, V> {
    void keep(K id, V value);
  }

  /// What a look-up yields.
  ///
  /// @param <V> what is found
  public sealed interface Result<V> {
    record Read<V>(V value) implements Result<V> {}

    /// @param reason for the access log
    record Failed<V>(String reason) implements Result<V> {}
  }

  private static final class Miss<V> {
    final List<Consumer<Result<V>>> waiting = new ArrayList<>();
    boolean stale;
    int reads = 1;
  }

  /// Looks `id` up; `then` runs on a store thread, or at once when there is no room.
  public void load(K id, Consumer<Result<V>> then) {
    boolean first = false;
    boolean room;
    synchronized (misses) {
      Miss<V> miss = misses.get(id);
      room = waiters < terms.waitersMax && (miss != null || misses.size() < terms.missesMax);
      if (room) {
        first = miss == null;
        if (miss == null) {
          miss = new Miss<>();
          misses.put(id, miss);
        }
        waiters++;
        miss.waiting.add(then);
      }
    }
    if (!room) {
      then.accept(new Result.Failed<>("lookups_busy"));
    } else if (first) {
      read(id);
    }
  }

  /// Drops what is in memory under `id` through `drop`, and whatever is being read of it now.
  public void forget(K id, Runnable drop) {
    synchronized (misses) {
      Miss<V> miss = misses.get(id);
      if (miss != null) {
        miss.stale = true;
      }
      drop.run();
    }
  }

  public void forgetAll(Runnable drop) {
    synchronized (misses) {
      misses.values().forEach(miss -> miss.stale = true);
      drop.run();
    }
  }

  private void read(K id) {
    try {
      database
          .readLater(handle -> (Result<V>) new Result.Read<V>(reader.read(handle, id)))
          .orTimeout(READ_SECONDS_MAX, TimeUnit.SECONDS)
          .whenComplete((read, failure) -> done(id, failure == null ? read : failed(failure)));
    } catch (RuntimeException refused) {
      done(id, failed(refused));
    }
  }

  private Result<V> failed(Throwable cause) {
    LOG.warn("{} could not be looked up: {}", terms.noun, String.valueOf(cause.getMessage()));
    return new Result.Failed<>("store");
  }

  private void done(K id, Result<V> result) {
    List<Consumer<Result<V>>> waiting = List.of();
    Result<V> told = result;
    synchronized (misses) {
      Miss<V> miss = misses.get(id);
      if (miss == null) {
        return;
      }
      if (miss.stale && result instanceof Result.Read<V> && miss.reads < READS_MAX) {
        miss.stale = false;
        miss.reads++;
      } else {
        misses.remove(id);
        waiting = miss.waiting;
        waiters -= waiting.size();
        if (miss.stale) {
          told = new Result.Failed<>("changing");
        } else if (result instanceof Result.Read<V>(V value)) {
          keeper.keep(id, value);
        }
      }
    }
    if (waiting.isEmpty()) {
      read(id);
    }
    for (Consumer<Result<V>> then : waiting) {
      try {
        then.accept(told);
      } catch (RuntimeException bug) {
        LOG.error("a call that waited for {} failed", terms.noun, bug);
      }
    }
  }
}
