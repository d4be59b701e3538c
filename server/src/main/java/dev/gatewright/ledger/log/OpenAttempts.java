package dev.gatewright.ledger.log;

import dev.gatewright.ledger.LedgerConfig;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The attempts whose opening is durable and whose close is not, in the order in which their
/// openings were last written: the first one says which log rows must stay. Confined to the log
/// thread.
final class OpenAttempts {
  private @Nullable LoggedAttempt oldest;
  private @Nullable LoggedAttempt newest;
  private int size;

  int size() {
    return size;
  }

  /// The lowest log row that still holds an opening nobody has written again.
  long oldestSeq(long ifNone) {
    return oldest == null ? ifNone : oldest.writtenSeq;
  }

  /// Adds an attempt, or moves it to the end: its opening was written just now.
  void written(LoggedAttempt attempt, long seq, long nowNanos, long tokens) {
    if (attempt.stage == LoggedAttempt.Stage.OPEN) {
      unlink(attempt);
    }
    attempt.stage = LoggedAttempt.Stage.OPEN;
    attempt.writtenSeq = seq;
    attempt.writtenNanos = nowNanos;
    attempt.writtenTokens = tokens;
    attempt.older = newest;
    if (newest == null) {
      oldest = attempt;
    } else {
      newest.newer = attempt;
    }
    newest = attempt;
    size++;
  }

  void remove(LoggedAttempt attempt) {
    if (attempt.stage == LoggedAttempt.Stage.OPEN) {
      unlink(attempt);
    }
  }

  private void unlink(LoggedAttempt attempt) {
    LoggedAttempt older = attempt.older;
    LoggedAttempt newer = attempt.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    attempt.older = null;
    attempt.newer = null;
    size--;
  }

  /// Hands over the attempts that are due to be written again, at most `max`.
  void due(long nowNanos, LedgerConfig config, int max, Consumer<LoggedAttempt> due) {
    long checkpoint = config.checkpointAfter().toNanos();
    long rewrite = config.rewriteAfter().toNanos();
    int left = max;
    for (LoggedAttempt at = oldest; at != null && left > 0; at = at.newer) {
      long age = nowNanos - at.writtenNanos;
      if (age < checkpoint) {
        // Those that follow were written later still.
        return;
      }
      if (age >= rewrite || at.outputTokensCounted() != at.writtenTokens) {
        due.accept(at);
        left--;
      }
    }
  }

  /// Empties it: another instance has taken these over, and their calls are told to end.
  int taken() {
    int taken = size;
    for (LoggedAttempt at = oldest; at != null; at = at.newer) {
      at.lost();
    }
    oldest = null;
    newest = null;
    size = 0;
    return taken;
  }
}
