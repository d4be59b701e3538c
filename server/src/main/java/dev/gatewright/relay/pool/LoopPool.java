package dev.gatewright.relay.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One upstream's idle connections on one event loop, the last used first: what is not needed goes
/// cold and is closed. Confined to its loop, but for [#hasIdle()].
final class LoopPool {
  /// Below the minute at which most servers close, so that we close first.
  static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(55);

  private final UpstreamPool pool;
  private final LoopWatch watch;
  private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
  private volatile boolean hasIdle;
  private boolean watched;

  LoopPool(UpstreamPool pool, LoopWatch watch) {
    this.pool = pool;
    this.watch = watch;
  }

  UpstreamPool pool() {
    return pool;
  }

  LoopWatch watch() {
    return watch;
  }

  boolean hasIdle() {
    return hasIdle;
  }

  /// A connection that may carry another call, or null.
  @Nullable UpstreamConnection take() {
    UpstreamConnection connection = idle.pollFirst();
    while (connection != null && !connection.isFit(watch.nanos())) {
      connection.close();
      connection = idle.pollFirst();
    }
    noteIdle();
    return connection;
  }

  /// Takes a connection back whose call is completely over.
  void give(UpstreamConnection connection) {
    connection.idleSince(watch.nanos());
    PooledCall waiter = pool.waiterFor(watch.loop());
    if (waiter != null) {
      waiter.start(connection);
      return;
    }
    if (pool.isClosed() || pool.someoneWaits()) {
      // Its place goes to who waits on another loop.
      connection.close();
      return;
    }
    idle.addFirst(connection);
    noteIdle();
    if (!watched) {
      watched = true;
      watch.add(this);
    }
    watch.sweepOn();
  }

  /// A connection closed while it lay idle.
  void forget(UpstreamConnection connection) {
    idle.remove(connection);
    noteIdle();
  }

  void evictOldest() {
    UpstreamConnection oldest = idle.pollLast();
    noteIdle();
    if (oldest != null) {
      oldest.close();
    }
  }

  /// Closes what has lain idle for too long.
  ///
  /// @return true while some are left
  boolean evictIdle(long now) {
    UpstreamConnection oldest = idle.peekLast();
    while (oldest != null && now - oldest.idleSince() > IDLE_NANOS_MAX) {
      evictOldest();
      oldest = idle.peekLast();
    }
    return oldest != null;
  }

  void close() {
    while (!idle.isEmpty()) {
      evictOldest();
    }
    watch.remove(this);
  }

  private void noteIdle() {
    boolean some = !idle.isEmpty();
    if (some != hasIdle) {
      hasIdle = some;
    }
  }
}
