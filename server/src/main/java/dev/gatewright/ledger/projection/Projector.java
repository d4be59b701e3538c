package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Pricing;
import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.log.EntryReader;
import dev.gatewright.ledger.log.LogEntry;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.LogRowsStore.Row;
import dev.gatewright.ledger.projection.LogRowsStore.Unprojected;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.ledger.purse.Postings;
import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns the attempt log into usage rows and sums. Any replica may project any instance's log: the
/// mark of how far it has come moves in the same transaction, from the value that was read, so each
/// entry is projected once whoever does it and wherever it dies. Thread-safe.
public final class Projector {
  private static final int ROWS_MAX = 64;

  /// A transaction holds SQLite's one writer, and the log waits behind it.
  private static final int ATTEMPTS_MAX = 512;

  private final InstanceStore instances;
  private final LogRowsStore log;
  private final Poster poster;
  private final Database database;
  private final UsageSink rows = new ProjectionStore();
  private final Takeover takeover;
  private final Runnable flush;
  private final FailPoint failPoint;
  private final ReentrantLock turn = new ReentrantLock();
  private final SetAside aside = new SetAside();

  /// Where a test may end the process, or pretend to.
  @FunctionalInterface
  public interface FailPoint {
    FailPoint NONE = _ -> {};

    void at(String place);
  }

  public Projector(
      Database database,
      InstanceStore instances,
      LogRowsStore log,
      Pricing pricing,
      Poster poster,
      Runnable flush,
      FailPoint failPoint) {
    this.flush = flush;
    this.poster = poster;
    this.database = database;
    this.instances = instances;
    this.log = log;
    this.takeover = new Takeover(database, log, rows, pricing, poster, failPoint);
    this.failPoint = failPoint;
  }

  /// Projects everything that is durable now, of all instances, those that died included as far as
  /// they have been fenced; and what this process's own calls have queued, so that a caller who has
  /// seen an answer end finds it counted. Blocks.
  ///
  /// @throws dev.gatewright.store.StoreFailed when the store cannot be read or written
  public void projectAll() {
    flush.run();
    List<Instance> all = instances.instances();
    aside.retain(all.stream().map(Instance::id).toList());
    for (Instance instance : all) {
      project(instance);
    }
  }

  /// Why some usage cannot be counted; null when all can.
  public @Nullable String problem() {
    return aside.problem();
  }

  /// Instances whose usage cannot be counted.
  public int setAside() {
    return aside.size();
  }

  /// Projects one instance's log to the end it had when `instance` was read; then, if the instance
  /// may write no more, records what it left open and removes it. What cannot be read is not passed
  /// over: the instance is set aside there.
  public void project(Instance instance) {
    turn.lock();
    try {
      Unprojected next;
      do {
        next = log.unprojected(instance.id(), ROWS_MAX).orElse(null);
        if (next == null) {
          aside.remove(instance.id());
          return;
        }
      } while (next.mark() < instance.logSeq() && step(instance, next));
      if (next.mark() >= instance.logSeq()) {
        if (instance.fenced()) {
          takeover.finish(instance);
        }
        aside.remove(instance.id());
      }
    } catch (UnreadableLog e) {
      aside.add(instance.id(), e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  /// @return false when the log cannot be read any further
  private boolean step(Instance instance, Unprojected next) {
    List<Closed> attempts = new ArrayList<>();
    long to = next.mark();
    UnreadableLog unreadable = null;
    try {
      for (Row row : next.rows()) {
        attempts.addAll(read(row, to + 1));
        to = row.seq();
        if (attempts.size() >= ATTEMPTS_MAX) {
          break;
        }
      }
    } catch (UnreadableLog e) {
      unreadable = e;
    }
    if (to == next.mark()) {
      throw unreadable == null ? UnreadableLog.missing(to + 1) : unreadable;
    }
    commit(instance.id(), next.mark(), to, attempts);
    return true;
  }

  private void commit(String instance, long from, long to, List<Closed> attempts) {
    failPoint.at("projection:read");
    Postings postings = new Postings();
    for (Closed attempt : attempts) {
      Cost cost = attempt.cost();
      if (cost != null) {
        postings.closed(attempt.opening(), cost);
      }
    }
    boolean done =
        database.write(handle -> {
          // Where another replica was faster, its rows are there already.
          boolean ours = LogRowsStore.advance(handle, instance, from, to);
          if (ours) {
            failPoint.at("projection:advanced");
            rows.add(handle, attempts);
            failPoint.at("projection:added");
            poster.post(handle, postings, instance + ":" + to);
            failPoint.at("projection:posted");
          }
          return ours;
        });
    if (done) {
      poster.posted(postings);
    }
    failPoint.at("projection:committed");
  }

  private static List<Closed> read(Row row, long expectedSeq) {
    List<Closed> closed = new ArrayList<>();
    readEntries(
        row,
        expectedSeq,
        entry -> {
          if (entry instanceof Closed one) {
            closed.add(one);
          }
        });
    return closed;
  }

  /// @throws UnreadableLog when this is not the row that should be here, or it cannot be read
  static void readEntries(Row row, long expectedSeq, Consumer<LogEntry> entries) {
    if (row.seq() != expectedSeq) {
      throw UnreadableLog.missing(expectedSeq);
    }
    try {
      EntryReader.read(row.payload(), entries);
    } catch (RuntimeException e) {
      throw new UnreadableLog(
          "row %d of its log cannot be read: %s".formatted(row.seq(), e.getMessage()), e);
    }
  }

  /// A log that cannot be projected beyond some row.
  static final class UnreadableLog extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableLog(String message, Throwable cause) {
      super(message, cause);
    }

    static UnreadableLog missing(long seq) {
      return new UnreadableLog(
          "row %d of its log is missing (a store restored in part?)".formatted(seq),
          new java.util.NoSuchElementException());
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
