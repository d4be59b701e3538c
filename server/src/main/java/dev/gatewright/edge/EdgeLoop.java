package dev.gatewright.edge;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the connections of one event loop share: scratch bytes, parsers, the log's batch, and one
/// ticking sweep that looks after everybody's deadlines, because arming and disarming a timer for
/// each request would cost more than looking. Confined to its loop.
final class EdgeLoop {
  private static final long TICK_MILLIS_MAX = 250;
  private static final long TICK_MILLIS_MIN = 10;

  private final EdgeCore core;
  private final EventLoop eventLoop;
  private final byte[] scratch;
  private final HeadParser parser;
  private final HeadWriter writer = new HeadWriter();
  private final LogBatch log;
  private final Future<?> ticking;
  private @Nullable Http1Connection first;

  EdgeLoop(EdgeCore core, EventLoop eventLoop) {
    this.core = core;
    this.eventLoop = eventLoop;
    this.scratch = new byte[core.limits().headerBytes()];
    this.parser = new HeadParser(core.targets());
    this.log = new LogBatch(core.log());
    long tick = tickMillis(core.limits());
    this.ticking = eventLoop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  /// A fifth of the shortest limit, so that none is overdrawn by more than that.
  private static long tickMillis(EdgeLimits limits) {
    Duration shortest = limits.headerTimeout();
    for (Duration other : new Duration[] {limits.writeStall(), limits.bodyIdle()}) {
      shortest = shortest.compareTo(other) <= 0 ? shortest : other;
    }
    return Math.clamp(shortest.toMillis() / 5, TICK_MILLIS_MIN, TICK_MILLIS_MAX);
  }

  EdgeCore core() {
    return core;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  byte[] scratch() {
    return scratch;
  }

  HeadParser parser() {
    return parser;
  }

  HeadWriter writer() {
    return writer;
  }

  LogBatch log() {
    return log;
  }

  void add(Http1Connection connection) {
    Http1Connection head = first;
    connection.next = head;
    if (head != null) {
      head.previous = connection;
    }
    first = connection;
  }

  void remove(Http1Connection connection) {
    Http1Connection next = connection.next;
    Http1Connection previous = connection.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else if (first == connection) {
      first = next;
    }
    connection.next = null;
    connection.previous = null;
  }

  private void tick() {
    long now = core.time().nanos();
    for (Http1Connection at = first; at != null; ) {
      Http1Connection next = at.next;
      at.sweep(now);
      at = next;
    }
    log.flush();
  }

  /// The drain's grace is over.
  void expire() {
    for (Http1Connection at = first; at != null; ) {
      Http1Connection next = at.next;
      at.expire();
      at = next;
    }
  }

  /// Breaks every connection and stops ticking.
  void close() {
    for (Http1Connection at = first; at != null; ) {
      Http1Connection next = at.next;
      at.abort("shutdown");
      at = next;
    }
    ticking.cancel(false);
    log.flush();
  }
}
