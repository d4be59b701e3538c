package dev.gatewright.edge.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which event loop carries a connection. As few as have room: what several connections bring is
/// then met in one turn of one loop, which costs half of what it costs when two loops are woken for
/// it (docs/internals/speed.md). A loop that gets too busy gives half of its connections to the
/// least busy one, each between two of its requests; when they would all fit on one again, they go
/// back. Thread-safe; decides four times a second, when loops report.
public final class LoopChoice implements EventExecutorChooserFactory {
  /// Thousandths of a loop's time beyond which it gets no new connections.
  static final int FULL = 600;

  /// Beyond which it gives half of them away, to one with less than [#ROOM].
  static final int OVERFULL = 750;

  static final int ROOM = 500;

  /// What two loops may have together to become one.
  static final int TOGETHER = 400;

  /// Connections that go to one loop between two reports, before anybody knows what they bring.
  static final int BURST = 256;

  /// Reports before what was moved shows in the measure.
  private static final int SETTLING = 2;

  private final LongSupplier cpuNanos;
  private final AtomicInteger placed = new AtomicInteger();
  private volatile List<EventExecutor> loops = List.of();
  private volatile int target;
  private int[] busy = {};
  private int[] settling = {};

  public LoopChoice() {
    this(new ThreadTime());
  }

  /// @param cpuNanos what the asking thread has used so far; negative when the system does not say
  public LoopChoice(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /// Connections that are to move.
  ///
  /// @param half every second one; else all
  record Give(EventExecutor to, boolean half) {}

  @Override
  public synchronized EventExecutorChooser newChooser(EventExecutor[] executors) {
    busy = new int[executors.length];
    settling = new int[executors.length];
    loops = List.of(executors);
    return this::next;
  }

  private EventExecutor next() {
    if (placed.incrementAndGet() >= BURST) {
      placed.set(0);
      target = (target + 1) % loops.size();
    }
    return loops.get(target);
  }

  long cpuNanos() {
    return cpuNanos.getAsLong();
  }

  /// A loop says how busy it was since it said so last.
  ///
  /// @param permille thousandths of the time
  /// @return what it is to give away until its next report; null = nothing
  synchronized @Nullable Give report(EventExecutor loop, int permille) {
    int from = loops.indexOf(loop);
    if (from < 0) {
      return null;
    }
    busy[from] = permille;
    Give give = settling[from]-- > 0 ? null : give(from, permille);
    settling[from] = Math.max(0, settling[from]);
    placed.set(0);
    target = roomiest();
    return give;
  }

  private @Nullable Give give(int from, int permille) {
    int least = least();
    if (permille > OVERFULL && busy[least] < ROOM) {
      busy[from] = permille - permille / 2;
      busy[least] += permille / 2;
      settling[from] = SETTLING;
      settling[least] = SETTLING;
      return new Give(loops.get(least), true);
    }
    for (int to = 0; to < from; to++) {
      if (busy[to] + permille < TOGETHER) {
        return new Give(loops.get(to), false);
      }
    }
    return null;
  }

  private int roomiest() {
    for (int i = 0; i < busy.length; i++) {
      if (busy[i] < FULL) {
        return i;
      }
    }
    return least();
  }

  private int least() {
    int min = Arrays.stream(busy).min().orElse(0);
    for (int i = 0; i < busy.length; i++) {
      if (busy[i] == min) {
        return i;
      }
    }
    return 0;
  }

  /// CPU time, not time in which the loop did not wait: a loop that waits for a core is helped by
  /// no other loop.
  private static final class ThreadTime implements LongSupplier {
    @Override
    public long getAsLong() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
  }
}
