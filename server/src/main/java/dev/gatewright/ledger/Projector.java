package dev.gatewright.ledger;

import dev.gatewright.ledger.AttemptLogStore.Instance;
import dev.gatewright.ledger.AttemptLogStore.Row;
import dev.gatewright.ledger.LogEntry.Closed;
import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the attempt log into usage rows and sums. Any replica may project any instance's log: the
/// mark of how far it has come moves in the same transaction, from the value that was read, so each
/// entry is projected once whoever does it and wherever it dies. Thread-safe.
public final class Projector {
  private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
  private static final int ROWS_MAX = 64;

  /// A transaction holds SQLite's one writer, and the log waits behind it.
  private static final int ATTEMPTS_MAX = 512;

  private final AttemptLogStore log;
  private final ProjectionStore store;
  private final Database database;
  private final Takeover takeover;
  private final Runnable flush;
  private final FailPoint failPoint;
  private final ReentrantLock turn = new ReentrantLock();

  /// Where a test may end the process, or pretend to.
  @FunctionalInterface
  interface FailPoint {
    FailPoint NONE = _ -> {};

    void at(String place);
  }

  Projector(Database database, AttemptLogStore log, Runnable flush, FailPoint failPoint) {
    this.flush = flush;
    this.database = database;
    this.log = log;
    this.store = new ProjectionStore(database);
    this.takeover = new Takeover(database, log, failPoint);
    this.failPoint = failPoint;
  }

  /// Projects everything that is durable now, of all instances, those that died included as far as
  /// they have been fenced; and what this process's own calls have queued, so that a caller who has
  /// seen an answer end finds it counted. Blocks.
  ///
  /// @throws dev.gatewright.store.StoreFailed when the store cannot be read or written
  public void projectAll() {
    flush.run();
    for (Instance instance : log.instances()) {
      project(instance);
    }
  }

  /// Projects one instance's log to the end it had when `instance` was read; then, if the instance
  /// may write no more, records what it left open and removes it.
  void project(Instance instance) {
    turn.lock();
    try {
      OptionalLong at = store.projected(instance.id());
      while (at.isPresent() && at.getAsLong() < instance.logSeq()) {
        step(instance.id(), at.getAsLong());
        at = store.projected(instance.id());
      }
      if (at.isPresent() && instance.fenced()) {
        takeover.finish(instance);
      }
    } finally {
      turn.unlock();
    }
  }

  private void step(String instance, long from) {
    List<Closed> attempts = new ArrayList<>();
    long to = from;
    for (Row row : log.rowsAfter(instance, from, ROWS_MAX)) {
      to = row.seq();
      read(instance, row, attempts);
      if (attempts.size() >= ATTEMPTS_MAX) {
        break;
      }
    }
    long until = to;
    failPoint.at("projection:read");
    database.write(handle -> {
      // Where another replica was faster, its rows are there already.
      boolean ours = ProjectionStore.advance(handle, instance, from, until);
      if (ours) {
        failPoint.at("projection:advanced");
        ProjectionStore.add(handle, attempts);
        failPoint.at("projection:added");
      }
      return ours;
    });
    failPoint.at("projection:committed");
  }

  private static void read(String instance, Row row, List<Closed> attempts) {
    readEntries(
        instance,
        row,
        entry -> {
          if (entry instanceof Closed closed) {
            attempts.add(closed);
          }
        });
  }

  /// A row nobody can read is said so and passed over: it must not hold up all that follow.
  static void readEntries(String instance, Row row, java.util.function.Consumer<LogEntry> entries) {
    try {
      EntryReader.read(row.payload(), entries);
    } catch (RuntimeException e) {
      LOG.error("attempt log: row {} of {} cannot be read to its end", row.seq(), instance, e);
    }
  }
}
