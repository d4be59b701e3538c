package dev.gatewright.ledger.log;

import dev.gatewright.ledger.LedgerConfig;
import dev.gatewright.telemetry.Time;
import java.util.function.BooleanSupplier;

/// When the next commit starts. A commit costs the same for one attempt as for a hundred, so busy
/// processes gather for a while; while commits are few they follow at once. Confined to the thread
/// that commits.
final class CommitPace {
  /// Entries of a commit that do not make a busy process.
  private static final int FEW = 4;

  /// So many whom one commit lets go on are callers who come back, and worth waiting for by number.
  /// Calls that come by the clock let as many go on as come within a pause; counting those would
  /// only shorten it.
  private static final int COMPANY = 8;

  /// Commits that may follow each other without a pause after a time with none.
  private static final int AT_ONCE = 8;

  private final AttemptQueue queue;
  private final LedgerConfig config;
  private final Time time;
  private long startedNanos;
  private long endedNanos;

  /// When the next commit may start if commits are to keep their distance on average.
  private long dueNanos;

  private int lastSize;
  private int lastOpens;

  /// Openings that had been queued when the last commit let its own go on.
  private long openingsBefore;

  CommitPace(AttemptQueue queue, LedgerConfig config, Time time) {
    this.queue = queue;
    this.config = config;
    this.time = time;
    startedNanos = time.nanos() - config.commitEvery().toNanos();
    dueNanos = startedNanos;
  }

  /// Gathers for a while when there have been many commits a moment ago. Once as many have come as
  /// the last one let go on, there is nobody left to wait for; and while no answer waits, there is
  /// no hurry.
  ///
  /// @param called somebody wants this thread for something else than what is queued
  void gather(BooleanSupplier called) {
    long now = time.nanos();
    long tooEarly = dueNanos - now;
    long sinceEnd =
        lastSize > FEW ? config.gather().toNanos() - (now - endedNanos) : Long.MIN_VALUE;
    long wait = Math.max(tooEarly, sinceEnd);
    if (wait > 0) {
      long company = lastOpens > COMPANY ? openingsBefore + lastOpens : Long.MAX_VALUE;
      queue.awaitOpenings(company, wait);
    }
    long ease = config.commitWithin().toNanos() - (time.nanos() - startedNanos);
    if (ease > 0 && !called.getAsBoolean()) {
      queue.awaitHurry(ease);
    }
  }

  /// A commit starts now. While they have been few, the next ones may follow at once: who waits for
  /// one then has it without a pause.
  void starts() {
    startedNanos = time.nanos();
    long every = config.commitEvery().toNanos();
    long earliest = startedNanos - AT_ONCE * every;
    dueNanos = Math.clamp(dueNanos, earliest, startedNanos) + every;
  }

  /// It is durable: its openings go on from here.
  void letsGo() {
    openingsBefore = queue.openings();
  }

  /// It is over, whatever became of it.
  void ended(LogBatch batch) {
    endedNanos = time.nanos();
    lastSize = batch.size();
    lastOpens = batch.opens.size();
  }
}
