package dev.gatewright.relay.pool;

import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What all upstream calls of one event loop share: one clock for all their deadlines, instead of a
/// timer a request, and the count of the loop's turns. Confined to its loop.
final class LoopWatch {
  /// How often deadlines are looked at, and so by how much a timeout may be late.
  static final long SWEEP_MILLIS = 100;

  private final EventLoop loop;
  private final Time time;
  private final List<LoopPool> pools = new ArrayList<>();
  private final List<PooledCall> expired = new ArrayList<>();
  private @Nullable PooledCall first;
  private boolean sweeping;
  private final Runnable turnEnd = this::endTurn;
  private boolean turnCounted;
  private int turn;

  LoopWatch(EventLoop loop, Time time) {
    this.loop = loop;
    this.time = time;
  }

  EventLoop loop() {
    return loop;
  }

  long nanos() {
    return time.nanos();
  }

  /// Marks the present turn, so that a later [#turn()] tells whether it is still the same one. A
  /// loop first handles all that its last poll of the sockets brought, then its tasks: while the
  /// number stands, whatever a socket shows was there before this moment.
  int markTurn() {
    if (!turnCounted) {
      turnCounted = true;
      if (loop instanceof SingleThreadEventLoop single) {
        // Runs at the end of the turn even where tasks are left over for the next one.
        single.executeAfterEventLoopIteration(turnEnd);
      } else {
        loop.execute(turnEnd);
      }
    }
    return turn;
  }

  private void endTurn() {
    turn++;
    turnCounted = false;
  }

  int turn() {
    return turn;
  }

  void add(PooledCall call) {
    call.next = first;
    call.previous = null;
    if (first != null) {
      first.previous = call;
    }
    first = call;
    sweepOn();
  }

  void remove(PooledCall call) {
    PooledCall next = call.next;
    PooledCall previous = call.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else if (first == call) {
      first = next;
    }
    call.next = null;
    call.previous = null;
  }

  void add(LoopPool pool) {
    pools.add(pool);
  }

  void remove(LoopPool pool) {
    pools.remove(pool);
  }

  void sweepOn() {
    if (!sweeping && !loop.isShuttingDown()) {
      sweeping = true;
      loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping = false;
    long now = time.nanos();
    for (PooledCall call = first; call != null; call = call.next) {
      if (call.isLate(now)) {
        expired.add(call);
      }
    }
    // Apart from the walk: a listener may end or start other calls.
    for (PooledCall call : List.copyOf(expired)) {
      call.expire();
    }
    expired.clear();
    boolean idle = true;
    for (int i = 0; i < pools.size(); i++) {
      idle &= !pools.get(i).evictIdle(now);
    }
    if (first != null || !idle) {
      sweepOn();
    }
  }
}
