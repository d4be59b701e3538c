package dev.gatewright.edge;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way out: from [#announce()] on `/health` says so and each answer is the last on its
/// connection, but calls are served; from [#begin()] on new exchanges get 503, running ones go on;
/// [#expire()] tells those still running to end. Thread-safe.
///
/// Stopping a process reads `announce(); wait; begin(); awaitIdle(30 s); expire(); awaitIdle(2 s);
/// server.close()`.
public final class Drain {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LongAdder running = new LongAdder();
  private final List<Runnable> expiryHooks = new CopyOnWriteArrayList<>();
  private final List<Runnable> beginHooks = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private volatile boolean leaving;
  private volatile boolean draining;
  private volatile boolean expired;

  /// Whoever spreads calls is to send them elsewhere; those that still come are served.
  public void announce() {
    leaving = true;
  }

  /// From [#announce()] on.
  public boolean leaving() {
    return leaving;
  }

  public boolean draining() {
    return draining;
  }

  /// No new exchanges from now on, but `/health*`.
  public void begin() {
    leaving = true;
    draining = true;
    beginHooks.forEach(Runnable::run);
  }

  /// `hook` runs when [#begin()] is called, each time: for what would run on without end. It must
  /// not block.
  public void onBegin(Runnable hook) {
    beginHooks.add(hook);
  }

  /// The grace is over: each exchange still running gets its [Exchange#onDeadline] callback.
  public void expire() {
    begin();
    expired = true;
    expiryHooks.forEach(Runnable::run);
  }

  public boolean expired() {
    return expired;
  }

  void onExpire(Runnable hook) {
    expiryHooks.add(hook);
  }

  /// Exchanges that have not ended.
  public long running() {
    return running.sum();
  }

  /// Waits until no exchange runs; blocks, so never on an event loop.
  ///
  /// @return false when some still ran after `limit`
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (running() > 0) {
        if (left <= 0) {
          return false;
        }
        // A short slice each time: an exchange that ended just before begin() signals nobody.
        long slice = Math.min(left, SLICE_NANOS);
        left -= slice - ended.awaitNanos(slice);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  public void entered() {
    running.increment();
  }

  public void left() {
    running.decrement();
    if (draining) {
      lock.lock();
      try {
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
