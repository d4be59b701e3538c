package dev.gatewright.admission;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyDirectory;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls of this process, by key. A change of a key is news from the feed; expiry is looked for
/// four times a second. Bounded by the number of connections. Thread-safe.
final class RunningCalls implements LiveCalls, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCalls.class);
  private static final long TICK_MILLIS = 250;

  private final KeyDirectory directory;
  private final Time time;

  /// The inner sets are touched inside `compute` alone.
  private final ConcurrentHashMap<String, Set<Call>> byKey = new ConcurrentHashMap<>();

  /// Keys whose state could not be read; asked again at the next tick.
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("live-calls").daemon().factory());

  RunningCalls(KeyDirectory directory, ChangeFeed feed, Time time) {
    this.directory = directory;
    this.time = time;
    feed.listen(KeyDirectory.CHANGE_KIND, change -> recheck(change.id()));
    feed.listenGap(() -> byKey.keySet().forEach(this::recheck));
    thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Live enter(Caller caller, EventExecutor loop, Runnable end) {
    Call call = new Call(caller.key(), loop, end);
    byKey.compute(
        call.key.id(),
        (_, calls) -> {
          Set<Call> all = calls == null ? new HashSet<>(4) : calls;
          all.add(call);
          return all;
        });
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
    directory.usable(
        keyId,
        usable -> {
          if (usable == null) {
            doubtful.add(keyId);
          } else if (!usable) {
            endAll(keyId);
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
      byKey.forEach((keyId, calls) -> {
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
        (_, calls) -> {
          // All calls of a key have its one expiry, which never changes.
          Long expires = calls.iterator().next().key.expiresMillis();
          expired[0] = expires != null && nowMillis >= expires;
          return calls;
        });
    return expired[0];
  }

  private void endAll(String keyId) {
    byKey.computeIfPresent(
        keyId,
        (_, calls) -> {
          calls.forEach(Call::end);
          return null;
        });
  }

  /// How many calls run, for tests and metrics.
  long count() {
    long[] count = {0};
    byKey.forEach((_, calls) -> count[0] += calls.size());
    return count[0];
  }

  private final class Call implements Live {
    private final ApiKey key;
    private final EventExecutor loop;
    private final Runnable end;

    /// Confined to the loop.
    private boolean over;

    Call(ApiKey key, EventExecutor loop, Runnable end) {
      this.key = key;
      this.loop = loop;
      this.end = end;
    }

    @Override
    public void leave() {
      over = true;
      byKey.computeIfPresent(
          key.id(),
          (_, calls) -> {
            calls.remove(this);
            return calls.isEmpty() ? null : calls;
          });
    }

    void end() {
      try {
        loop.execute(() -> {
          if (!over) {
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
