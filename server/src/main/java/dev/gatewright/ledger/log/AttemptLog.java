package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.LedgerConfig;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Pricing;
import dev.gatewright.ledger.lease.InstanceIds;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.purse.NewPurse;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The durable record of attempts (docs/internals/attempts.md). Callers queue and go on; one thread
/// writes a row for all that has come meanwhile.
public final class AttemptLog implements Attempts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptLog.class);

  private final AttemptIds ids = new AttemptIds();
  private final AttemptQueue queue = new AttemptQueue();
  private final RoomHints hints = new RoomHints();
  private final Time time;
  private final LogThread log;
  private final Thread thread;
  private final Pricing pricing;

  /// Registers a new instance. Blocks.
  ///
  /// @throws dev.gatewright.store.StoreFailed when the store cannot be written
  public AttemptLog(
      Database database, Time time, LedgerConfig config, Pricing pricing, NewPurse newPurse) {
    this.pricing = pricing;
    this.time = time;
    InstanceStore instances = new InstanceStore(database);
    String instance = InstanceIds.next();
    instances.register(instance, EntryWriter.FORM, time.millis());
    log =
        new LogThread(
            new AttemptLogStore(database, newPurse),
            instances,
            time,
            config,
            queue,
            hints,
            instance);
    thread = Thread.ofPlatform().name("attempt-log").daemon().unstarted(log);
  }

  public void start() {
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
    Charge charge = opening.charge();
    LoggedAttempt attempt =
        new LoggedAttempt(ids.next(opening.startedMillis()), opening, executor, whenDurable);
    if (charge != null && !charge.holds().isEmpty()) {
      InsufficientFunds refusal = hints.refusal(charge.holds(), time.nanos());
      if (refusal != null) {
        attempt.refusal = refusal;
        attempt.stage = LoggedAttempt.Stage.REFUSED;
        DurableCallbacks.tellEach(List.of(attempt), each -> each.refusal);
        return attempt;
      }
    }
    queue.addOpening(attempt);
    if (!thread.isAlive()) {
      log.refuseQueued();
    }
    return attempt;
  }

  @Override
  public void awaited(Attempt attempt) {
    // Read without a barrier: at worst it hurries a commit that is under way.
    if (attempt instanceof LoggedAttempt logged && logged.stage == LoggedAttempt.Stage.NEW) {
      queue.hurry();
    }
  }

  @Override
  public void close(Attempt attempt, Outcome outcome) {
    if (attempt instanceof LoggedAttempt logged && logged.end(outcome)) {
      Charge charge = logged.opening().charge();
      if (charge != null) {
        logged.priced(cost(logged, outcome));
      }
      queue.add(logged);
    }
  }

  /// A price that cannot be told must not keep the row from being closed.
  private Cost cost(LoggedAttempt attempt, Outcome outcome) {
    try {
      return pricing.of(attempt.opening(), outcome.usage());
    } catch (RuntimeException e) {
      LOG.error("attempt {} cannot be priced", attempt.id(), e);
      return Cost.UNPRICED;
    }
  }

  /// Blocks until what was queued before is written, for 2 s at the most.
  public void flush() {
    CompletableFuture<Void> flushed = log.flush();
    if (thread.isAlive()) {
      flushed.completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
    }
  }

  public int waiting() {
    return queue.size();
  }

  public LogThread log() {
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
