package dev.gatewright.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The way from the event loops to the log thread. Adding never blocks; waking the thread costs a
/// system call, so it happens only while the thread sleeps with nothing to do.
///
/// An attempt comes through twice: once to be opened, once, after that, to be closed. Its length is
/// bounded by twice the calls in flight.
final class AttemptQueue {
  private static final VarHandle IDLE;

  static {
    try {
      IDLE = MethodHandles.lookup().findVarHandle(AttemptQueue.class, "idle", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ConcurrentLinkedQueue<Attempt> queue = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread consumer;
  private volatile boolean idle;

  void add(Attempt attempt) {
    queue.add(attempt);
    wake();
  }

  @Nullable Attempt poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// Ends [#awaitWork] early, the next one if none is under way.
  void interruptWait() {
    LockSupport.unpark(consumer);
  }

  private void wake() {
    if (idle && IDLE.compareAndSet(this, true, false)) {
      LockSupport.unpark(consumer);
    }
  }

  /// Log thread: sleeps until there is something in the queue or `nanosMax` have passed; may return
  /// early for no reason.
  void awaitWork(long nanosMax) {
    consumer = Thread.currentThread();
    idle = true;
    if (queue.isEmpty()) {
      LockSupport.parkNanos(this, nanosMax);
    }
    idle = false;
  }
}
