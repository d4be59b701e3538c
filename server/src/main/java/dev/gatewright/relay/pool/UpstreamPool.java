package dev.gatewright.relay.pool;

import dev.gatewright.relay.Origin;
import dev.gatewright.relay.RequestWriter;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.dial.Dialer;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The connections to one upstream: a [LoopPool] for each event loop, and one bound over them all.
///
/// When the bound is reached a call first gets another loop's idle connection closed; else it
/// waits, in order of arrival, at most [#WAIT_MILLIS_MAX] and as one of at most as many as there
/// are connections, and then fails with phase `pool`. Thread-safe.
final class UpstreamPool implements Upstream {
  static final long WAIT_MILLIS_MAX = 1_000;

  private final Upstreams upstreams;
  private final Origin origin;
  private final DialRules rules;
  private final byte[] hostLine;
  private final int connectionsMax;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<PooledCall> waiters = new ConcurrentLinkedQueue<>();
  private final Map<EventLoop, LoopPool> loops = new ConcurrentHashMap<>();
  private volatile boolean closed;

  UpstreamPool(Upstreams upstreams, Origin origin, DialRules rules, int connectionsMax) {
    this.upstreams = upstreams;
    this.origin = origin;
    this.rules = rules;
    this.connectionsMax = connectionsMax;
    this.hostLine = RequestWriter.hostLine(origin);
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public UpstreamCall call(EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
    return begin(loop, request, listener, false);
  }

  @Override
  public UpstreamCall upgrade(EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
    return begin(loop, request, listener, true);
  }

  private UpstreamCall begin(
      EventLoop loop, UpstreamRequest request, UpstreamListener listener, boolean asksUpgrade) {
    LoopPool pool = loops.get(loop);
    if (pool == null) {
      pool = loops.computeIfAbsent(loop, this::loopPool);
    }
    PooledCall call = new PooledCall(pool, request, listener, asksUpgrade);
    call.begin();
    return call;
  }

  private LoopPool loopPool(EventLoop loop) {
    loop.terminationFuture().addListener(_ -> loops.remove(loop));
    return new LoopPool(this, upstreams.watch(loop));
  }

  Dialer dialer() {
    return upstreams.dialer();
  }

  DialRules rules() {
    return rules;
  }

  byte[] hostLine() {
    return hostLine;
  }

  boolean isClosed() {
    return closed;
  }

  int connections() {
    return connections.get();
  }

  int waiting() {
    return waiting.get();
  }

  int connectionsMax() {
    return connectionsMax;
  }

  boolean tryPermit() {
    int open;
    do {
      open = connections.get();
      if (open >= connectionsMax) {
        return false;
      }
    } while (!connections.compareAndSet(open, open + 1));
    return true;
  }

  /// A connection has gone, or was never made: its place passes to who waits longest.
  void releasePermit() {
    while (true) {
      PooledCall waiter = pollWaiter();
      if (waiter != null) {
        waiter.loop().execute(waiter::permitted);
        return;
      }
      connections.decrementAndGet();
      // One that began to wait between the two lines above would wait for nothing.
      if (waiters.isEmpty() || !tryPermit()) {
        return;
      }
    }
  }

  /// @return false when too many wait already
  boolean await(PooledCall call) {
    if (waiting.incrementAndGet() > connectionsMax) {
      waiting.decrementAndGet();
      return false;
    }
    waiters.add(call);
    if (tryPermit()) {
      releasePermit();
    } else {
      evictElsewhere();
    }
    return true;
  }

  void stopWaiting(PooledCall call) {
    if (waiters.remove(call)) {
      waiting.decrementAndGet();
    }
  }

  boolean someoneWaits() {
    return !waiters.isEmpty();
  }

  /// Who waits longest, if a used connection of this loop will do for it.
  @Nullable PooledCall waiterFor(EventLoop loop) {
    PooledCall waiter = waiters.peek();
    boolean fits = waiter != null && waiter.loop().equals(loop) && !waiter.wantsFresh();
    if (waiter == null || !fits || !waiters.remove(waiter)) {
      return null;
    }
    waiting.decrementAndGet();
    return waiter;
  }

  private @Nullable PooledCall pollWaiter() {
    PooledCall waiter = waiters.poll();
    if (waiter != null) {
      waiting.decrementAndGet();
    }
    return waiter;
  }

  private void evictElsewhere() {
    for (LoopPool pool : loops.values()) {
      if (pool.hasIdle()) {
        pool.watch().loop().execute(pool::evictOldest);
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    upstreams.closed(this);
    for (LoopPool pool : loops.values()) {
      EventLoop loop = pool.watch().loop();
      if (!loop.isShuttingDown()) {
        loop.execute(pool::close);
      }
    }
  }
}
