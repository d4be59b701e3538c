package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.LedgerConfig;
import dev.gatewright.ledger.log.LogThread.Position;
import dev.gatewright.telemetry.Time;

/// Decides when an instance projects its own log: soon while calls are few; while they are many,
/// when a bound of time or size is reached. Whoever asks for usage has it projected at once.
/// Confined to one thread, but for [#lagNanos].
public final class ProjectionPace {
  /// Entries per look that count as few; two are a call.
  private static final long ENTRIES_FEW = 250;

  /// Entries that wait, some 40 MiB of log.
  private static final long ENTRIES_WAITING_MAX = 250_000;

  private final LedgerConfig config;
  private final Time time;
  private volatile Position done;
  private Position seen;
  private volatile long doneNanos;

  public ProjectionPace(LedgerConfig config, Time time, Position start) {
    this.config = config;
    this.time = time;
    this.done = start;
    this.seen = start;
    this.doneNanos = time.nanos();
  }

  public boolean due(Position now) {
    if (now.equals(done)) {
      // Nothing waits, so the time of what comes next begins here.
      doneNanos = time.nanos();
      seen = now;
      return false;
    }
    long come = now.entries() - seen.entries();
    long waiting = now.entries() - done.entries();
    seen = now;
    return come <= ENTRIES_FEW
        || waiting >= ENTRIES_WAITING_MAX
        || time.nanos() - doneNanos >= config.projectWithin().toNanos();
  }

  /// How long what waits has waited at the most, where `now` is the end of the log; from any
  /// thread.
  public long lagNanos(Position now) {
    return now.equals(done) ? 0 : Math.max(0, time.nanos() - doneNanos);
  }

  public void done(Position position) {
    done = position;
    doneNanos = time.nanos();
  }
}
