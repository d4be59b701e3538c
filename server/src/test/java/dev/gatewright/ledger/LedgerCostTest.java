package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.gatewright.ledger.projection.Projector.FailPoint;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestStore;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What an attempt costs: printed, not judged, for a machine shared with others proves nothing.
/// `-Dledger.seconds=10` makes the figures steady; `-Dledger.upstream=20` has answers take 20 ms,
/// `-Dledger.ease=false` has every opening hurry.
class LedgerCostTest {
  private static final int LOOPS = 2;
  private static final int CALLS = Integer.getInteger("ledger.calls", 64);
  private static final int SECONDS = Integer.getInteger("ledger.seconds", 1);

  private static final int UPSTREAM_MILLIS = Integer.getInteger("ledger.upstream", 0);
  private static final boolean AT_EASE = !"false".equals(System.getProperty("ledger.ease", "true"));

  private volatile boolean running = true;
  private final LongAdder done = new LongAdder();
  private final CountDownLatch idle = new CountDownLatch(CALLS);

  @Test
  void records_attempts_from_two_loops_as_fast_as_they_come() throws InterruptedException {
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      Ledger ledger =
          Ledger.start(store.database(), Time.system(), LedgerConfig.DEFAULT, FailPoint.NONE);
      EventLoop[] loops = new EventLoop[LOOPS];
      for (int i = 0; i < LOOPS; i++) {
        loops[i] = new DefaultEventLoop();
      }
      for (int i = 0; i < CALLS; i++) {
        EventLoop loop = loops[i % LOOPS];
        loop.execute(() -> call(ledger.attempts(), loop));
      }
      TimeUnit.SECONDS.sleep(SECONDS);
      print(ledger, SECONDS);
      running = false;
      assertThat(idle.await(20, TimeUnit.SECONDS)).isTrue();
      for (EventLoop loop : loops) {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      }
      ledger.close();
      assertThat(TestAttempts.count(store.database(), "usage_attempt")).isEqualTo(done.sum());
    }
  }

  private void call(Attempts attempts, EventLoop loop) {
    new OneCall(attempts, loop).start();
  }

  /// Opened, answered after a while, let through once durable, closed. Confined to its loop.
  private final class OneCall {
    private final Attempts attempts;
    private final EventLoop loop;
    private @Nullable Attempt attempt;
    private boolean durable;
    private boolean answered;

    OneCall(Attempts attempts, EventLoop loop) {
      this.attempts = attempts;
      this.loop = loop;
    }

    void start() {
      Opening opening = TestAttempts.opening();
      attempt =
          AT_EASE
              ? attempts.openAtEase(opening, loop, _ -> durable())
              : attempts.open(opening, loop, _ -> durable());
      if (UPSTREAM_MILLIS == 0) {
        answered();
      } else {
        loop.schedule(this::answered, UPSTREAM_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private void durable() {
      durable = true;
      end();
    }

    private void answered() {
      answered = true;
      if (attempt != null && !durable) {
        attempts.awaited(attempt);
      }
      end();
    }

    private void end() {
      Attempt closing = attempt;
      if (!durable || !answered || closing == null) {
        return;
      }
      attempt = null;
      attempts.close(closing, TestAttempts.outcome(50));
      done.increment();
      if (running) {
        call(attempts, loop);
      } else {
        idle.countDown();
      }
    }
  }

  private void print(Ledger ledger, int seconds) throws InterruptedException {
    Map<String, Long> cpu = cpuNanos();
    long before = done.sum();
    long seq = ledger.rowsWritten();
    TimeUnit.SECONDS.sleep(seconds);
    long attempts = Math.max(1, done.sum() - before);
    long commits = ledger.rowsWritten() - seq;
    System.out.printf("%d attempts/s, %d commits/s%n", attempts / seconds, commits / seconds);
    cpuNanos()
        .forEach((thread, nanos) -> {
          double micros = (nanos - cpu.getOrDefault(thread, 0L)) / 1_000.0 / attempts;
          if (micros > 0.05) {
            System.out.printf("  %-24s %5.2f µs of CPU per attempt%n", thread, micros);
          }
        });
  }

  private static Map<String, Long> cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> cpu = new TreeMap<>();
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      if (info != null) {
        cpu.merge(info.getThreadName(), threads.getThreadCpuTime(id), Long::sum);
      }
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    cpu.put("whole process", system.getProcessCpuTime());
    return cpu;
  }
}
