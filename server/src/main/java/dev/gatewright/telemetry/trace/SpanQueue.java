package dev.gatewright.telemetry.trace;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Spans that are over and not yet sent, so many at most; what comes while it is full is dropped
/// and counted. Many put in and never wait, one thread takes out.
public final class SpanQueue {
  private final int spansMax;
  private final int wakeAt;
  private final Queue<Span> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private volatile @Nullable Thread taker;

  /// @param wakeAt with so many waiting the taker is woken
  public SpanQueue(int spansMax, int wakeAt) {
    this.spansMax = spansMax;
    this.wakeAt = Math.min(wakeAt, spansMax);
  }

  /// @param known who called is known; the spans of others have the first half of the room
  void offer(Span span, boolean known) {
    int now = size.incrementAndGet();
    if (now > (known ? spansMax : Math.max(1, spansMax / 2))) {
      size.decrementAndGet();
      dropped.increment();
      return;
    }
    waiting.add(span);
    Thread waits = taker;
    if (now == wakeAt && waits != null) {
      LockSupport.unpark(waits);
    }
  }

  /// Waits until there are enough to be worth sending, for so long, or until it is unparked.
  public void await(long nanos) {
    taker = Thread.currentThread();
    if (size.get() < wakeAt) {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /// Takes so many at most.
  public void take(Collection<Span> into, int most) {
    for (int i = 0; i < most; i++) {
      Span next = waiting.poll();
      if (next == null) {
        return;
      }
      size.decrementAndGet();
      into.add(next);
    }
  }

  /// Spans that were never kept.
  public long dropped() {
    return dropped.sum();
  }
}
