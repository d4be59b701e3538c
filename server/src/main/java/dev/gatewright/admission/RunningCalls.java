package dev.gatewright.admission;

import dev.gatewright.policy.RuleOwner;
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

/// The calls of this process, by principal. Who hears of a change tells it; then [Principals] is
/// asked how its callers stand. Expiry is looked for four times a second. Bounded by the number of
/// connections. Thread-safe.
final class RunningCalls implements LiveCalls, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCalls.class);
  private static final long TICK_MILLIS = 250;

  private final Principals principals;
  private final Time time;

  /// The first of each principal's calls; the lists are touched inside `compute` alone.
  private final ConcurrentHashMap<String, Call> byId = new ConcurrentHashMap<>();

  /// Those whose state could not be read; asked again at the next tick.
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("live-calls").daemon().factory());

  RunningCalls(Principals principals, Time time) {
    this.principals = principals;
    this.time = time;
    thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Live enter(Caller caller, EventExecutor loop, Runnable end) {
    Call call = new Call(caller, loop, end);
    byId.compute(caller.id(), (_, first) -> call.before(first));
    // First entered, then looked: a change is seen here, or it sees this call.
    if (!principals.current(caller)) {
      changed(caller.id());
    }
    return call;
  }

  /// A caller has changed: its calls are asked again.
  void changed(String id) {
    Call first = byId.get(id);
    if (first != null) {
      principals.look(first.caller, admitted -> askAgain(id, admitted));
    }
  }

  /// Rules have changed: the calls they hold for are asked again.
  void changed(RuleOwner owner) {
    byId.forEach((id, first) -> {
      if (first.caller.under(owner)) {
        changed(id);
      }
    });
  }

  /// Nobody knows what has changed.
  void changed() {
    byId.keySet().forEach(this::changed);
  }

  void tick() {
    try {
      for (String id : List.copyOf(doubtful)) {
        doubtful.remove(id);
        changed(id);
      }
      long now = time.millis();
      byId.forEach((id, _) -> {
        if (expired(id, now)) {
          endAll(id);
        }
      });
    } catch (RuntimeException bug) {
      LOG.error("live calls could not be checked", bug);
    }
  }

  private boolean expired(String id, long nowMillis) {
    boolean[] expired = {false};
    byId.computeIfPresent(
        id,
        (_, first) -> {
          Long expires = first.expiresMillis;
          expired[0] = expires != null && nowMillis >= expires;
          return first;
        });
    return expired[0];
  }

  private void askAgain(String id, Admitted admitted) {
    switch (admitted) {
      case Admitted.Yes(Caller now) -> askAgain(id, now);
      case Admitted.No no when no.refusal().status() == 401 -> endAll(id);
      case Admitted.No _ -> doubtful.add(id);
    }
  }

  /// It still may call: its end may be another, and what a call was allowed may be no more.
  private void askAgain(String id, Caller now) {
    byId.computeIfPresent(
        id,
        (_, first) -> {
          for (Call call = first; call != null; call = call.next) {
            call.expiresMillis = now.expiresMillis();
            call.askAgain(now);
          }
          return first;
        });
  }

  private void endAll(String id) {
    byId.computeIfPresent(
        id,
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
    byId.keySet()
        .forEach(id ->
            byId.computeIfPresent(
                id,
                (_, first) -> {
                  for (Call call = first; call != null; call = call.next) {
                    count[0]++;
                  }
                  return first;
                }));
    return count[0];
  }

  private final class Call implements Live {
    private final Caller caller;
    private final EventExecutor loop;
    private final Runnable end;

    /// Confined to the loop.
    private boolean over;

    /// Neighbours among the calls of this principal; touched inside `compute` alone.
    private @Nullable Call previous;

    private @Nullable Call next;
    private boolean listed;

    /// The caller's as it is now; touched inside `compute` alone.
    private @Nullable Long expiresMillis;

    Call(Caller caller, EventExecutor loop, Runnable end) {
      this.caller = caller;
      this.expiresMillis = caller.expiresMillis();
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
      byId.computeIfPresent(caller.id(), (_, first) -> without(first));
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

    void askAgain(Caller now) {
      onLoop(() -> !caller.grants().stillFit(now));
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
