package dev.gatewright.job;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is done again and again after a pause, on a thread of its own, until it is closed. A
/// round that fails is told, and the next one comes. Thread-safe.
public final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable Thread thread;

  /// One of them. Blocks.
  public interface Round {
    void run() throws InterruptedException;
  }

  /// @param name of the thread
  /// @param failing what a round that fails has not done, for the log
  public void start(String name, Duration pause, String failing, Round round) {
    start(name, pause, pause, failing, round);
  }

  /// @param first the pause before the first round
  public void start(String name, Duration first, Duration pause, String failing, Round round) {
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(first, pause, failing, round));
  }

  private void run(Duration first, Duration pause, String failing, Round round) {
    try {
      for (Duration wait = first; !ended(wait); wait = pause) {
        try {
          round.run();
        } catch (RuntimeException failed) {
          if (!ended()) {
            LOG.warn("{}: {}", failing, failed.toString());
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean ended() {
    return stop.getCount() == 0;
  }

  /// Leaves what a round works on to others for a while.
  ///
  /// @return whether all is to end
  public boolean ended(Duration after) throws InterruptedException {
    return stop.await(after.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Waits for the round that is under way.
  @Override
  public void close() {
    stop.countDown();
    Thread running = thread;
    try {
      if (running != null) {
        running.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
