package dev.gatewright.store.change;

import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.PostgresDatabase;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every replica of every control-plane change within a second. Thread-safe.
///
/// A change is heard at least once: in the process that made it on the committing thread, before
/// the write returns, and in every process, that one too, in the order of the numbers by a poll. So
/// listeners must be quick, must not touch the store, and must bear hearing a change twice, or one
/// whose work was undone: they drop what they hold and read it anew.
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final long POLL_MILLIS = 250;
  private static final int ROWS_MAX = 1_000;

  /// Changes that stay for replicas that were away; one that missed more drops all it holds.
  private static final long KEPT_ROWS = 10_000;

  private static final long TRIM_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Database database;
  private final Time time;
  private final Map<String, List<Consumer<Change>>> listeners = new ConcurrentHashMap<>();
  private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();
  private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();
  private final Semaphore nudges = new Semaphore(0);
  private final @Nullable PostgresNudges postgresNudges;
  private final Thread thread;
  private volatile boolean closed;
  private volatile long goodNanos;
  private long last;
  private long trimmedNanos;

  private ChangeFeed(Database database, Time time, long head) {
    this.database = database.on(Lane.LOOK_UPS);
    this.time = time;
    this.last = head;
    this.goodNanos = time.nanos();
    this.trimmedNanos = time.nanos();
    this.thread = Thread.ofPlatform().name("change-feed").daemon().unstarted(this::run);
    this.postgresNudges =
        database instanceof PostgresDatabase postgres
            ? new PostgresNudges(postgres, this::nudge)
            : null;
  }

  /// Starts at the newest change: what listeners load after this is at least as new.
  ///
  /// @throws StoreFailed when the store cannot be read
  public static ChangeFeed start(Database database, Time time) {
    ChangeFeed feed = new ChangeFeed(database, time, database.read(ChangeStore::head));
    feed.thread.start();
    if (feed.postgresNudges != null) {
      feed.postgresNudges.start();
    }
    return feed;
  }

  /// Records a change inside the write transaction that makes it; durable together with it.
  ///
  /// @param organizationId null for deployment-wide things
  /// @return its number
  public long append(Handle handle, String kind, @Nullable String organizationId, String id) {
    long seq = ChangeStore.append(handle, kind, organizationId, id, time.millis());
    if (database.kind() == Database.Kind.POSTGRES) {
      ChangeStore.nudge(handle, seq);
    }
    Change change = new Change(seq, kind, organizationId, id);
    handle.afterCommit(() -> tell(change));
    return seq;
  }

  /// `listener` hears every later change of this kind.
  public void listen(String kind, Consumer<Change> listener) {
    listeners.computeIfAbsent(kind, _ -> new CopyOnWriteArrayList<>()).add(listener);
  }

  /// `follower` hears each later change of every kind, once and in the order of the numbers; not
  /// within the process that made it any sooner than elsewhere.
  public void follow(Consumer<Change> follower) {
    followers.add(follower);
  }

  /// `listener` runs when changes were missed for good, after a pause longer than old rows are
  /// kept: drop everything.
  public void listenGap(Runnable listener) {
    gapListeners.add(listener);
  }

  /// Milliseconds since the last time the store showed us that we had seen everything.
  public long stalenessMillis() {
    return TimeUnit.NANOSECONDS.toMillis(time.nanos() - goodNanos);
  }

  private void nudge() {
    nudges.release();
  }

  private void run() {
    boolean failing = false;
    while (!closed) {
      try {
        nudges.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
        nudges.drainPermits();
        if (!closed) {
          poll();
          trim();
          failing = false;
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        if (!failing) {
          LOG.warn("change feed: {} (trying again until it is back)", e.getMessage());
        }
        failing = true;
      }
    }
  }

  private void poll() {
    // Taken before the read: what comes during it may be missed until the next one.
    long readNanos = time.nanos();
    long head = database.read(ChangeStore::head);
    if (head < last) {
      missed(last, head);
      last = head;
    }
    while (last < head) {
      long after = last;
      List<Change> changes = database.read(handle -> ChangeStore.after(handle, after, ROWS_MAX));
      if (changes.isEmpty()) {
        missed(after, head);
        last = head;
      }
      for (Change change : changes) {
        if (change.seq() > last + 1) {
          missed(last, change.seq());
        }
        tell(change);
        hear(change, followers);
        last = change.seq();
      }
    }
    goodNanos = readNanos;
  }

  /// Rows were trimmed while we slept, or the store was put back to an older state.
  private void missed(long after, long until) {
    LOG.warn("change feed: what came between {} and {} was missed", after, until);
    gapListeners.forEach(Runnable::run);
  }

  private void trim() {
    if (time.nanos() - trimmedNanos >= TRIM_NANOS) {
      trimmedNanos = time.nanos();
      // By number, not by time: the clocks of two replicas may be hours apart.
      long upTo = last - KEPT_ROWS;
      if (upTo > 0) {
        database.write(handle -> ChangeStore.trim(handle, upTo));
      }
    }
  }

  private void tell(Change change) {
    hear(change, listeners.getOrDefault(change.kind(), List.of()));
  }

  private static void hear(Change change, List<Consumer<Change>> all) {
    for (Consumer<Change> listener : all) {
      try {
        listener.accept(change);
      } catch (RuntimeException e) {
        // One deaf listener must not keep the news from the others.
        LOG.error("change feed: a listener of {} failed", change.kind(), e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (postgresNudges != null) {
      postgresNudges.close();
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
