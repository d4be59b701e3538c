package dev.gatewright.room.life;

import dev.gatewright.room.access.RoomAccounts;
import dev.gatewright.room.access.RoomCaller;
import dev.gatewright.room.config.RoomProviders;
import dev.gatewright.room.life.HeldCredentials.Held;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.store.RoomStore;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends rooms at their time where the provider does not: with a stored credential or the
/// operator's, from rows that outlive a restart; with a request's credential, from memory. Looks
/// once a second, so a room ends within five seconds of its time. Not found counts as done.
/// Thread-safe.
public final class RoomReaper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoomReaper.class);
  private static final long LOOK_MILLIS = 1_000;

  /// A room that is still occupied, or whose provider failed, is looked at again after this.
  private static final long AGAIN_MILLIS = 4_000;

  /// A held credential is given up this long after its time: its provider will not answer.
  private static final long HELD_AFTER_MILLIS = 86_400_000;

  /// A room whose credential is no longer configured is looked at again after this.
  private static final long ORPHAN_MILLIS = 3_600_000;

  /// Rooms being ended at once, those that wait for a place included.
  private static final int BATCH = 64;

  private static final int AT_ONCE = 16;
  private static final long PRUNE_MILLIS = 3_600_000;

  /// Ended and anonymous rooms are remembered this long.
  private static final long REMEMBERED_MILLIS = 7L * 86_400_000;

  private final Database database;
  private final RoomProviders providers;
  private final RoomAccounts accounts;
  private final HeldCredentials held = new HeldCredentials();
  private final Time time;
  private final RoomTurns turns;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;
  private long prunedMillis;

  /// @param accounts the credentials that outlive a call: stored ones and the operator's own
  public RoomReaper(Database database, RoomProviders providers, RoomAccounts accounts, Time time) {
    this.database = database;
    this.providers = providers;
    this.accounts = accounts;
    this.time = time;
    this.turns = new RoomTurns(database, time);
    this.prunedMillis = time.millis();
    this.thread = Thread.ofPlatform().name("room-reaper").daemon().unstarted(this::run);
  }

  public RoomReaper start() {
    thread.start();
    return this;
  }

  HeldCredentials held() {
    return held;
  }

  private void run() {
    boolean failing = false;
    while (true) {
      try {
        if (stop.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        sweep();
        failing = false;
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        if (!failing) {
          LOG.warn("room reaper: {} (trying again until it is back)", e.getMessage());
        }
        failing = true;
      }
    }
  }

  /// Ends what is due now, and waits for it.
  void sweep() throws InterruptedException {
    long now = time.millis();
    List<Callable<Void>> work = new ArrayList<>();
    for (Held due : held.takeDue(now)) {
      work.add(() -> endHeld(due));
    }
    int room = BATCH - underWay.size();
    if (room > 0) {
      for (RoomRow due : database.read(handle -> RoomStore.due(handle, now, BATCH))) {
        if (work.size() < room && underWay.add(due.id())) {
          work.add(() -> endDurable(due));
        }
      }
    }
    if (!work.isEmpty()) {
      // A provider that hangs must not keep the next second's rooms waiting: whatever is not done
      // in time goes on by itself and is looked at again when its claim ends.
      ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
      List<Future<Void>> all = new ArrayList<>();
      work.forEach(one -> all.add(each.submit(one)));
      each.shutdown();
      each.awaitTermination(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    prune(now);
  }

  private Void endDurable(RoomRow row) {
    try {
      Account account = account(row);
      RoomRow taken = turns.take(row);
      if (taken != null) {
        try {
          Long due = taken.reapMillis();
          if (due == null || due > time.millis()) {
            return null;
          }
          if (account != null && end(taken, account) == Ending.DONE) {
            database.write(handle -> expired(handle, taken));
          } else {
            long again = time.millis() + (account == null ? ORPHAN_MILLIS : AGAIN_MILLIS);
            database.write(handle -> again(handle, taken, again));
          }
        } finally {
          turns.giveBack(taken);
        }
      }
      return null;
    } finally {
      underWay.remove(row.id());
    }
  }

  private @Nullable Account account(RoomRow row) {
    RoomProvider provider = providers.find(row.provider());
    return provider == null
        ? null
        : accounts.lasting(row.tenant(), provider.facts(), row.fingerprint());
  }

  /// The row of that very room must still stand: what was deleted since, or made again under the
  /// name, is not this credential's to end.
  private Void endHeld(Held due) {
    RoomRow was = due.row();
    RoomRow row =
        database.read(handle -> RoomStore.get(handle, was.tenant(), was.id())).orElse(null);
    Long ends = row == null ? null : row.expiresMillis();
    if (row == null || ends == null) {
      return null;
    }
    RoomRow taken = ends > time.millis() ? null : turns.take(row);
    if (taken == null) {
      held.hold(row, due.account(), Math.max(ends, time.millis() + AGAIN_MILLIS));
      return null;
    }
    try {
      if (end(taken, due.account()) == Ending.DONE) {
        database.write(handle -> expired(handle, taken));
      } else if (time.millis() < ends + HELD_AFTER_MILLIS) {
        held.hold(taken, due.account(), time.millis() + AGAIN_MILLIS);
      }
    } finally {
      turns.giveBack(taken);
    }
    return null;
  }

  private Void expired(Handle handle, RoomRow row) {
    RoomStore.end(handle, row.tenant(), row.id(), RoomRow.Status.EXPIRED);
    RoomTold.tell(handle, row, "end", time.millis());
    return null;
  }

  private static Void again(Handle handle, RoomRow row, long atMillis) {
    RoomStore.again(handle, row, atMillis);
    return null;
  }

  private Ending end(RoomRow row, Account account) {
    places.acquireUninterruptibly();
    try {
      RoomProvider provider = providers.get(row.provider());
      Optional<ProviderRoom> there = provider.find(account, row.name());
      return there.isEmpty() || !row.is(there.get())
          ? Ending.DONE
          : provider.end(account, row.ref(), row.eject());
    } catch (RoomRefused refused) {
      LOG.warn(
          "room {} of {} could not be ended: {} (trying again)",
          row.id(),
          row.provider(),
          refused.problem().code());
      return Ending.OCCUPIED;
    } finally {
      places.release();
    }
  }

  private void prune(long now) {
    if (now - prunedMillis > PRUNE_MILLIS) {
      prunedMillis = now;
      String anonymous = RoomCaller.ANONYMOUS.organizationId();
      database.write(handle -> RoomStore.prune(handle, now - REMEMBERED_MILLIS, anonymous));
    }
  }

  @Override
  public void close() {
    stop.release();
    try {
      thread.join(LOOK_MILLIS * 2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
