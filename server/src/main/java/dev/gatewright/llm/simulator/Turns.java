package dev.gatewright.llm.simulator;

import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// The work of all simulated calls of one loop, in turns: a millisecond of it, or one step where a
/// step takes longer, then the loop looks at its sockets. However many calls there are, others wait
/// for one of them only. Confined to its loop.
final class Turns {
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop loop;
  private final Time time;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;
  private long endNanos;

  Turns(EventLoop loop, Time time) {
    this.loop = loop;
    this.time = time;
  }

  /// Behind all that wait already.
  void add(Runnable step) {
    waiting.add(step);
    schedule();
  }

  /// The present turn is over: whoever runs adds the rest of its work.
  boolean over() {
    return time.nanos() - endNanos >= 0;
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      // Never by `execute`: a loop runs its queue, and what the queue adds to itself, for a second
      // before it looks at a socket again; what is scheduled waits for its next round.
      loop.schedule(this::run, 1, TimeUnit.MICROSECONDS);
    }
  }

  private void run() {
    scheduled = false;
    endNanos = time.nanos() + TURN_NANOS;
    do {
      Runnable step = waiting.poll();
      if (step == null) {
        return;
      }
      step.run();
    } while (!over());
    if (!waiting.isEmpty()) {
      schedule();
    }
  }
}
