package dev.gatewright.ledger;

import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.lease.Instances;
import dev.gatewright.ledger.log.AttemptLog;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.log.LogThread;
import dev.gatewright.ledger.log.LogThread.Position;
import dev.gatewright.ledger.projection.LogRowsStore;
import dev.gatewright.ledger.projection.ProjectionPace;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.purse.Counting;
import dev.gatewright.ledger.purse.NewPurse;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger of one process, put together: the attempt log, its lease, its projection.
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /// By the portal's connections: what projection does may take its time.
  private final LogRowsStore rows;

  private final InstanceStore leases;
  private final Poster poster;

  private final AttemptLog attempts;
  private final Projector projector;
  private final Instances instances;
  private final LedgerConfig config;
  private final ProjectionPace pace;
  private final Thread projection;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Instances that have ended and whose rows wait for this process to finish them.
  private final Map<String, Instance> ended = new ConcurrentHashMap<>();

  private Ledger(
      Database database,
      Time time,
      LedgerConfig config,
      Pricing pricing,
      NewPurse newPurse,
      Counting counting,
      Projector.FailPoint failPoint) {
    this.config = config;
    poster = new Poster(time, counting);
    rows = new LogRowsStore(database.on(Lane.PORTAL));
    leases = new InstanceStore(database.on(Lane.PORTAL));
    attempts = new AttemptLog(database.on(Lane.LOG), time, config, pricing, newPurse);
    projector =
        new Projector(
            database.on(Lane.PORTAL), leases, rows, pricing, poster, attempts::flush, failPoint);
    instances =
        new Instances(
            new InstanceStore(database.on(Lane.LOOK_UPS)),
            database.kind(),
            time,
            config,
            attempts.log(),
            instance -> ended.put(instance.id(), instance));
    pace = new ProjectionPace(config, time, attempts.log().position());
    projection = Thread.ofPlatform().name("projection").daemon().unstarted(this::project);
  }

  /// Registers this process as an instance and starts recording. Blocks for a moment; what an
  /// earlier process left is taken care of in the background.
  ///
  /// @throws StoreFailed when the store cannot be written
  public static Ledger start(Database database, Time time) {
    return start(database, time, Pricing.NONE);
  }

  /// @param pricing what attempts with a charge come to
  public static Ledger start(Database database, Time time, Pricing pricing) {
    return start(database, time, pricing, NewPurse.NONE, Counting.NONE);
  }

  /// @param newPurse makes the purses of budgets' windows
  /// @param counting counts what attempts cost beside the purses
  public static Ledger start(
      Database database, Time time, Pricing pricing, NewPurse newPurse, Counting counting) {
    return start(
        database,
        time,
        LedgerConfig.DEFAULT,
        pricing,
        newPurse,
        counting,
        Projector.FailPoint.NONE);
  }

  static Ledger start(
      Database database, Time time, LedgerConfig config, Projector.FailPoint failPoint) {
    return start(database, time, config, Pricing.NONE, NewPurse.NONE, failPoint);
  }

  static Ledger start(
      Database database,
      Time time,
      LedgerConfig config,
      Pricing pricing,
      NewPurse newPurse,
      Projector.FailPoint failPoint) {
    return start(database, time, config, pricing, newPurse, Counting.NONE, failPoint);
  }

  static Ledger start(
      Database database,
      Time time,
      LedgerConfig config,
      Pricing pricing,
      NewPurse newPurse,
      Counting counting,
      Projector.FailPoint failPoint) {
    Ledger ledger = new Ledger(database, time, config, pricing, newPurse, counting, failPoint);
    if (database.kind() == Database.Kind.SQLITE) {
      // The folder's lock is ours, so every other instance is dead, and the first usage answer
      // must already count what it left.
      ledger.leases.fenceOthers(ledger.instanceId());
      ledger.attempts.log().writeForm(EntryWriter.FORM);
    } else {
      ledger.attempts.log().writeForm(ledger.leases.formOfAll());
    }
    ledger.attempts.start();
    ledger.instances.start();
    ledger.projection.start();
    return ledger;
  }

  public Attempts attempts() {
    return attempts;
  }

  public Projector projector() {
    return projector;
  }

  /// `ins_…`; another one after the lease was lost.
  public String instanceId() {
    return attempts.log().position().instance();
  }

  /// Processes alive on this store, this one included. Blocks.
  public int replicas() {
    return (int) Math.max(1, leases.instances().stream().filter(each -> !each.fenced()).count());
  }

  public LedgerFigures figures() {
    LogThread log = attempts.log();
    LogThread.Commits commits = log.commits();
    return new LedgerFigures(
        attempts.waiting(),
        commits.open(),
        commits.good(),
        commits.nanos(),
        commits.failed(),
        log.lagNanos(),
        pace.lagNanos(log.position()),
        projector.setAside(),
        poster.beyondNano());
  }

  /// Rows this instance has written, for tests.
  long rowsWritten() {
    return attempts.log().position().seq();
  }

  /// Not on the lease's thread: the next renewal must not wait for somebody else's rows.
  private void takeOver() {
    try {
      for (Instance seen : List.copyOf(ended.values())) {
        // Read again: it may have written between our look and the fence.
        leases.instances().stream()
            .filter(now -> now.id().equals(seen.id()) && now.fenced())
            .forEach(projector::project);
        ended.remove(seen.id());
      }
    } catch (RuntimeException e) {
      LOG.warn("what ended instances left waits: {}", e.getMessage());
    }
  }

  private void project() {
    try {
      while (!closed.await(config.projectEvery().toNanos(), TimeUnit.NANOSECONDS)) {
        takeOver();
        Position position = attempts.log().position();
        if (pace.due(position)) {
          projectOwn(position);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void projectOwn(Position position) {
    try {
      projector.project(new Instance(position.instance(), 0, false, position.seq()));
      rows.trim(position.instance(), position.neededSeq() - 1);
      pace.done(position);
    } catch (RuntimeException e) {
      LOG.warn("usage rows are behind: {}", e.getMessage());
    }
  }

  /// Writes what is queued, projects it and gives the lease back. Attempts still open then are
  /// recorded as interrupted by whoever comes next.
  @Override
  public void close() {
    attempts.close();
    closed.countDown();
    instances.close();
    try {
      projection.join();
      release();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the lease could not be given back, it will expire: {}", e.getMessage());
    }
  }

  private void release() {
    String own = instanceId();
    leases.fenceSelf(own);
    Optional<Instance> row =
        leases.instances().stream().filter(instance -> instance.id().equals(own)).findAny();
    row.ifPresent(projector::project);
  }
}
