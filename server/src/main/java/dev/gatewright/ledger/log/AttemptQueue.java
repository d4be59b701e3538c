package dev.gatewright.ledger.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
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

  private final ConcurrentLinkedQueue<LoggedAttempt> queue = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread consumer;
  private volatile boolean idle;

  /// Openings added so far, and how many of them the log thread sleeps for.
  private final AtomicLong openings = new AtomicLong();

  private volatile long enough = Long.MAX_VALUE;

  /// Somebody waits for what is queued.
  private volatile boolean hurried;

  private volatile boolean atEase;

  void addOpening(LoggedAttempt attempt) {
    queue.add(attempt);
    wake();
    if (openings.incrementAndGet() == enough) {
      LockSupport.unpark(consumer);
    }
  }

  void add(LoggedAttempt attempt) {
    queue.add(attempt);
    wake();
  }

  long openings() {
    return openings.get();
  }

  /// How many wait; counts them one by one.
  int size() {
    return queue.size();
  }

  @Nullable LoggedAttempt poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// What is queued is waited for: ends [#awaitHurry].
  void hurry() {
    if (!hurried) {
      hurried = true;
      if (atEase) {
        LockSupport.unpark(consumer);
      }
    }
  }

  /// Log thread: all that is queued is about to be taken.
  void taking() {
    hurried = false;
  }

  /// Log thread: sleeps until somebody waits for what is queued, or `nanosMax` have passed; may
  /// return early for no reason.
  void awaitHurry(long nanosMax) {
    consumer = Thread.currentThread();
    atEase = true;
    if (!hurried) {
      LockSupport.parkNanos(this, nanosMax);
    }
    atEase = false;
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

  /// Log thread: sleeps until as many openings have been added, counted from the start, or
  /// `nanosMax` have passed; may return early for no reason.
  void awaitOpenings(long count, long nanosMax) {
    consumer = Thread.currentThread();
    enough = count;
    if (openings.get() < count) {
      LockSupport.parkNanos(this, nanosMax);
    }
    enough = Long.MAX_VALUE;
  }
}
