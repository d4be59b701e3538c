package dev.gatewright.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one stream; never more than some events: where a reader is slower
/// than what happens, all that waits is dropped and the reader is told. Thread-safe.
final class EventQueue {
  static final int EVENTS_MAX = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private List<Event> waiting = new ArrayList<>();
  private Position through = Position.of(0, 0);
  private boolean lost;
  private boolean recheck;
  private @Nullable Ending ending;

  /// All that waited.
  ///
  /// @param through how far that goes, events that are not for this reader included
  /// @param lost some that came before `through` were dropped
  /// @param recheck whether the reader may still hear all this is to be asked first
  /// @param ending null = it goes on
  record Taken(
      List<Event> events,
      Position through,
      boolean lost,
      boolean recheck,
      @Nullable Ending ending) {}

  /// @param events those for this reader
  /// @param end how far they go
  void offer(List<Event> events, Position end) {
    lock.lock();
    try {
      through = end;
      if (waiting.size() + events.size() > EVENTS_MAX) {
        waiting.clear();
        lost = true;
      } else if (!lost) {
        waiting.addAll(events);
      }
      if (!events.isEmpty()) {
        something.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What came before `end` cannot be had.
  void lose(Position end) {
    lock.lock();
    try {
      through = end;
      waiting.clear();
      lost = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  void recheck() {
    lock.lock();
    try {
      recheck = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The first reason counts.
  void end(Ending why) {
    lock.lock();
    try {
      if (ending == null) {
        ending = why;
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean ending() {
    lock.lock();
    try {
      return ending != null;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something to write; after `millis` returns without any.
  Taken take(long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !lost && !recheck && ending == null && left > 0) {
        left = something.awaitNanos(left);
      }
      Taken taken = new Taken(waiting, through, lost, recheck, ending);
      waiting = new ArrayList<>();
      lost = false;
      recheck = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
