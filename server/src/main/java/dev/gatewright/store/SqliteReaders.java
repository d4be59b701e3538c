package dev.gatewright.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The threads that read from SQLite, each with its own connection: SQLite is native code, which
/// would pin a virtual thread to its carrier.
final class SqliteReaders implements AutoCloseable {
  private static final int WAITING_MAX = 4_096;

  private final BlockingQueue<StoreWork<?>> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean closed;

  SqliteReaders(Jdbi jdbi, String name, int count) {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().name(name + "-" + i).daemon().unstarted(() -> run(jdbi)));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  void submit(StoreWork<?> work) {
    if (closed) {
      work.failed(new StoreFailed("the store is closed"));
    } else if (!waiting.offer(work)) {
      work.failed(
          new StoreFailed("the store is behind: %d reads are waiting".formatted(WAITING_MAX)));
    }
  }

  LaneUse use() {
    return new LaneUse(busy.get(), threads.size(), waiting.size());
  }

  boolean isCurrentThread() {
    return threads.contains(Thread.currentThread());
  }

  private void run(Jdbi jdbi) {
    // Opened by the first work, so that a start does not wait for connections it may not need.
    Handle handle = null;
    try {
      while (true) {
        StoreWork<?> work = waiting.take();
        busy.incrementAndGet();
        try {
          if (handle == null) {
            handle = jdbi.open();
            handle.execute("PRAGMA query_only = 1");
          }
          read(handle, work);
        } catch (Throwable thrown) {
          work.failed(thrown);
        } finally {
          busy.decrementAndGet();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    } finally {
      if (handle != null) {
        handle.close();
      }
    }
  }

  private static void read(Handle handle, StoreWork<?> work) {
    handle.begin();
    try {
      work.run(handle);
    } catch (Throwable thrown) {
      handle.rollback();
      throw thrown;
    }
    handle.commit();
    work.committed();
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (StoreWork<?> work = waiting.poll(); work != null; work = waiting.poll()) {
      work.failed(new StoreFailed("the store is closed"));
    }
  }
}
