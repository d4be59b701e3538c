package dev.gatewright.admission;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls of this process, by key. A change of a key is news from the feed; expiry is looked for
/// four times a second. Bounded by the number of connections. Thread-safe.
final class RunningCalls implements LiveCalls, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCalls.class);
  private static final long TICK_MILLIS = 250;

  private final KeyDirectory directory;
  private final Time time;

  /// The first of each key's calls; the lists are touched inside `compute` alone.
  private final ConcurrentHashMap<String, Call> byKey = new ConcurrentHashMap<>();

  /// Keys whose state could not be read; asked again at the next tick.
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("live-calls").daemon().factory());

  RunningCalls(KeyDirectory directory, ChangeFeed feed, Time time) {
    this.directory = directory;
    this.time = time;
    feed.listen(KeyDirectory.CHANGE_KIND, change -> recheck(change.id()));
    directory.listenFile(this::recheck);
    feed.listenGap(() -> byKey.keySet().forEach(this::recheck));
    thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Live enter(Caller caller, EventExecutor loop, Runnable end) {
    Call call = new Call(caller, loop, end);
    byKey.compute(call.key.id(), (_, first) -> call.before(first));
    // First entered, then looked: a change is seen here, or it sees this call.
    if (!directory.isCurrent(call.key)) {
      recheck(call.key.id());
    }
    return call;
  }

  private void recheck(String keyId) {
    if (!byKey.containsKey(keyId)) {
      return;
    }
    directory.look(
        keyId,
        lookup -> {
          switch (lookup) {
            case KeyLookup.Found found -> askAgain(keyId, found);
            case KeyLookup.Rejected _ -> endAll(keyId);
            case KeyLookup.Throttled _, KeyLookup.Unavailable _ -> doubtful.add(keyId);
          }
        });
  }

  void tick() {
    try {
      for (String keyId : List.copyOf(doubtful)) {
        doubtful.remove(keyId);
        recheck(keyId);
      }
      long now = time.millis();
      byKey.forEach((keyId, _) -> {
        if (expired(keyId, now)) {
          endAll(keyId);
        }
      });
    } catch (RuntimeException bug) {
      LOG.error("live calls could not be checked", bug);
    }
  }

  private boolean expired(String keyId, long nowMillis) {
    boolean[] expired = {false};
    byKey.computeIfPresent(
        keyId,
        (_, first) -> {
          Long expires = first.expiresMillis;
          expired[0] = expires != null && nowMillis >= expires;
          return first;
        });
    return expired[0];
  }

  /// The key was edited: its end may be another, and what a call was allowed may be no more.
  private void askAgain(String keyId, KeyLookup.Found found) {
    byKey.computeIfPresent(
        keyId,
        (_, first) -> {
          for (Call call = first; call != null; call = call.next) {
            call.expiresMillis = found.key().expiresMillis();
            call.askAgain(found);
          }
          return first;
        });
  }

  private void endAll(String keyId) {
    byKey.computeIfPresent(
        keyId,
        (_, first) -> {
          for (Call call = first; call != null; call = call.next) {
            call.listed = false;
            call.end();
          }
          return null;
        });
  }

  /// How many calls run, for tests and metrics.
  long count() {
    long[] count = {0};
    byKey
        .keySet()
        .forEach(keyId ->
            byKey.computeIfPresent(
                keyId,
                (_, first) -> {
                  for (Call call = first; call != null; call = call.next) {
                    count[0]++;
                  }
                  return first;
                }));
    return count[0];
  }

  private final class Call implements Live {
    private final ApiKey key;
    private final Grants grants;
    private final EventExecutor loop;
    private final Runnable end;

    /// Confined to the loop.
    private boolean over;

    /// Neighbours among the calls of this key; touched inside `compute` alone.
    private @Nullable Call previous;

    private @Nullable Call next;
    private boolean listed;

    /// The key's as it is now; touched inside `compute` alone.
    private @Nullable Long expiresMillis;

    Call(Caller caller, EventExecutor loop, Runnable end) {
      this.key = caller.key();
      this.grants = caller.grants();
      this.expiresMillis = key.expiresMillis();
      this.loop = loop;
      this.end = end;
    }

    /// Becomes the first of the list.
    private Call before(@Nullable Call first) {
      next = first;
      if (first != null) {
        first.previous = this;
      }
      listed = true;
      return this;
    }

    @Override
    public void leave() {
      over = true;
      byKey.computeIfPresent(key.id(), (_, first) -> without(first));
    }

    /// What is first once this call is out of the list. After [#endAll] the list may be another
    /// one, of calls that came later; this call's neighbours are then of no account.
    private @Nullable Call without(Call first) {
      if (!listed) {
        return first;
      }
      listed = false;
      if (next != null) {
        next.previous = previous;
      }
      if (previous == null) {
        return next;
      }
      previous.next = next;
      return first;
    }

    void askAgain(KeyLookup.Found now) {
      if (!now.key().equals(key)) {
        onLoop(() -> !grants.stillFit(now.key(), now.policy()));
      }
    }

    void end() {
      onLoop(() -> true);
    }

    private void onLoop(BooleanSupplier ends) {
      try {
        loop.execute(() -> {
          if (!over && ends.getAsBoolean()) {
            over = true;
            end.run();
          }
        });
      } catch (RejectedExecutionException _) {
        // The loop has shut down, and its calls with it.
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
