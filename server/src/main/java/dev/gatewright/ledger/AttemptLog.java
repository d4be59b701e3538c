package dev.gatewright.ledger;

import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The durable record of attempts (docs/internals/attempts.md). Callers queue and go on; one thread
/// writes a row for all that has come meanwhile.
public final class AttemptLog implements Attempts, AutoCloseable {
  private final AttemptIds ids = new AttemptIds();
  private final AttemptQueue queue = new AttemptQueue();
  private final LogThread log;
  private final Thread thread;

  /// Registers a new instance. Blocks.
  ///
  /// @throws dev.gatewright.store.StoreFailed when the store cannot be written
  AttemptLog(AttemptLogStore store, Time time, LedgerConfig config) {
    String instance = InstanceIds.next();
    store.register(instance, EntryWriter.FORM, time.millis());
    log = new LogThread(store, time, config, queue, instance);
    thread = Thread.ofPlatform().name("attempt-log").daemon().unstarted(log);
  }

  void start() {
    thread.start();
  }

  @Override
  public boolean accepting() {
    return log.accepting();
  }

  @Override
  public Attempt open(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    Attempt attempt = openAtEase(opening, executor, whenDurable);
    queue.hurry();
    return attempt;
  }

  @Override
  public Attempt openAtEase(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    Attempt attempt =
        new Attempt(ids.next(opening.startedMillis()), opening, executor, whenDurable);
    queue.addOpening(attempt);
    if (!thread.isAlive()) {
      log.refuseQueued();
    }
    return attempt;
  }

  @Override
  public void awaited(Attempt attempt) {
    // Read without a barrier: at worst it hurries a commit that is under way.
    if (attempt.stage == Attempt.Stage.NEW) {
      queue.hurry();
    }
  }

  @Override
  public void close(Attempt attempt, Outcome outcome) {
    if (attempt.end(outcome)) {
      queue.add(attempt);
    }
  }

  /// Blocks until what was queued before is written, for 2 s at the most.
  void flush() {
    CompletableFuture<Void> flushed = log.flush();
    if (thread.isAlive()) {
      flushed.completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
    }
  }

  int waiting() {
    return queue.size();
  }

  LogThread log() {
    return log;
  }

  /// Writes what is queued, then takes nothing more. Blocks, for 10 s when the store is failing.
  @Override
  public void close() {
    log.stop();
    try {
      thread.join(LogThread.stopLimit().multipliedBy(4));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
