package dev.gatewright.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The one connection that writes to SQLite, and its thread. The thread takes all works that wait,
/// runs them in one transaction and makes them durable by one commit, so that a forced write to the
/// disk is shared. A platform thread that comes while nothing waits does its work itself: two
/// changes of threads cost as much as the statements of a small work.
///
/// With company, each work runs under a savepoint: one that fails is undone alone. A callback it
/// registered with `Handle.afterCommit` still runs, so such callbacks must be harmless when nothing
/// has changed.
final class SqliteWriter implements AutoCloseable {
  static final int WAITING_MAX = 4_096;
  private static final int GROUP_MAX = 256;
  private static final StoreWork<Void> STOP =
      new StoreWork<>(_ -> {
        throw new IllegalStateException("never run");
      });

  private final BlockingQueue<StoreWork<?>> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Handle handle;
  private final Thread thread;

  /// Held by whoever uses the connection.
  private final ReentrantLock turn = new ReentrantLock();

  private volatile boolean closed;

  SqliteWriter(Jdbi jdbi) {
    handle = jdbi.open();
    thread = Thread.ofPlatform().name("sqlite-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void submit(StoreWork<?> work) {
    if (closed) {
      work.failed(new StoreFailed("the store is closed"));
    } else if (!waiting.offer(work)) {
      work.failed(
          new StoreFailed("the store is behind: %d writes are waiting".formatted(WAITING_MAX)));
    }
  }

  LaneUse use() {
    return new LaneUse(turn.isLocked() ? 1 : 0, 1, waiting.size());
  }

  /// Runs a work on the caller's own thread when that is a platform thread and the connection is
  /// free; false when the work has to be submitted.
  boolean runHere(StoreWork<?> work) {
    if (Thread.currentThread().isVirtual() || !waiting.isEmpty() || !turn.tryLock()) {
      return false;
    }
    try {
      if (closed) {
        return false;
      }
      commit(List.of(work));
      return true;
    } finally {
      turn.unlock();
    }
  }

  /// Waiting for a write from within one would wait for itself.
  boolean isCurrentThread() {
    return turn.isHeldByCurrentThread();
  }

  private void run() {
    List<StoreWork<?>> group = new ArrayList<>();
    try {
      boolean stopping = false;
      while (!stopping) {
        group.add(waiting.take());
        waiting.drainTo(group, GROUP_MAX - 1);
        stopping = group.remove(STOP);
        if (!group.isEmpty()) {
          turn.lock();
          try {
            commit(group);
          } finally {
            turn.unlock();
          }
        }
        group.clear();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      turn.lock();
      try (handle) {
        closed = true;
      } finally {
        turn.unlock();
      }
      for (StoreWork<?> work = waiting.poll(); work != null; work = waiting.poll()) {
        work.failed(new StoreFailed("the store is closed"));
      }
    }
  }

  private void commit(List<StoreWork<?>> group) {
    List<StoreWork<?>> done = new ArrayList<>(group.size());
    try {
      handle.begin();
      for (StoreWork<?> work : group) {
        if (group.size() == 1) {
          work.run(handle);
          done.add(work);
        } else if (runAlone(work)) {
          done.add(work);
        }
      }
      handle.commit();
    } catch (Throwable thrown) {
      if (handle.isInTransaction()) {
        rollback();
      }
      // Works that failed alone have been told already; telling twice does nothing.
      group.forEach(work -> work.failed(thrown));
      return;
    }
    done.forEach(StoreWork::committed);
  }

  /// Runs one of several works; false when it failed and was undone. What breaks the whole
  /// transaction is thrown: on a full disk SQLite rolls all of it back, and the savepoint is gone.
  private boolean runAlone(StoreWork<?> work) {
    handle.execute("SAVEPOINT work");
    try {
      work.run(handle);
    } catch (Throwable thrown) {
      handle.execute("ROLLBACK TO work");
      handle.execute("RELEASE work");
      work.failed(thrown);
      return false;
    }
    handle.execute("RELEASE work");
    return true;
  }

  private void rollback() {
    try {
      handle.rollback();
    } catch (RuntimeException _) {
      // The cause is what the waiting callers are told.
    }
  }

  /// Finishes what waits, then stops.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      waiting.put(STOP);
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
