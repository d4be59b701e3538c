package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.purse.Commit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one log row will hold. Confined to the log thread.
final class LogBatch {
  /// Entries of one row; more wait for the next commit.
  static final int ENTRIES_MAX = 1_024;

  /// Purses of one row: each is a statement, and locked until the commit.
  static final int PURSES_MAX = 256;

  final List<LoggedAttempt> opens = new ArrayList<>();

  /// Those that came and for which a purse had no room; decided by the commit.
  final List<LoggedAttempt> refused = new ArrayList<>();

  /// Closes that have to wait for what becomes of their opening, which is in this row.
  final List<LoggedAttempt> later = new ArrayList<>();

  private final Set<String> purses = new HashSet<>();
  final List<LoggedAttempt> closes = new ArrayList<>();
  final List<Checkpoint> checkpoints = new ArrayList<>();
  final List<LoggedAttempt> voids = new ArrayList<>();

  /// An opening written again.
  ///
  /// @param tokens its counter as written
  record Checkpoint(LoggedAttempt attempt, long counted) {}

  int size() {
    return opens.size() + closes.size() + checkpoints.size() + voids.size();
  }

  boolean isEmpty() {
    return size() == 0;
  }

  boolean isFull() {
    return size() >= ENTRIES_MAX || purses.size() > PURSES_MAX - Charge.HOLDS_MAX;
  }

  /// Takes from the queue until it is empty or this is full.
  void fill(AttemptQueue queue) {
    while (!isFull()) {
      LoggedAttempt attempt = queue.poll();
      if (attempt == null) {
        return;
      }
      take(attempt);
    }
  }

  void fill(Queue<LoggedAttempt> queue) {
    while (!isFull() && !queue.isEmpty()) {
      take(queue.remove());
    }
  }

  private void take(LoggedAttempt attempt) {
    switch (attempt.stage) {
      case NEW -> {
        attempt.stage = LoggedAttempt.Stage.OPENING;
        opens.add(attempt);
        purses(attempt);
      }
      case OPENING -> {
        if (attempt.holds()) {
          later.add(attempt);
        } else {
          closes.add(attempt);
        }
      }
      case OPEN -> close(attempt);
      // Refused: it never was. Taken: another instance writes its row.
      case REFUSED, TAKEN, CLOSED -> {}
    }
  }

  void checkpoint(LoggedAttempt attempt) {
    checkpoints.add(new Checkpoint(attempt, attempt.outputTokensCounted()));
  }

  void close(LoggedAttempt attempt) {
    closes.add(attempt);
    purses(attempt);
  }

  void voided(LoggedAttempt attempt) {
    voids.add(attempt);
    purses(attempt);
  }

  private void purses(LoggedAttempt attempt) {
    attempt.holdList().forEach(hold -> purses.add(hold.purse()));
  }

  /// What it does to purses; empty for almost every row.
  Commit settlement() {
    Commit settlement = new Commit();
    if (purses.isEmpty()) {
      return settlement;
    }
    for (LoggedAttempt attempt : opens) {
      if (attempt.holds()) {
        settlement.opening(attempt.holdList());
      }
    }
    for (LoggedAttempt attempt : closes) {
      Cost cost = attempt.cost();
      settlement.close(attempt.holdList(), cost == null ? Cost.UNPRICED : cost);
    }
    for (LoggedAttempt attempt : voids) {
      settlement.voided(attempt.holdList());
    }
    return settlement;
  }

  /// Takes out the openings that may not pass; may be decided again.
  ///
  /// @param answers of the openings with holds, in their order
  void decided(List<@Nullable InsufficientFunds> answers) {
    Iterator<@Nullable InsufficientFunds> next = answers.iterator();
    for (LoggedAttempt attempt : opens) {
      attempt.refusal = attempt.holds() ? next.next() : null;
    }
  }

  /// The commit is good, or may be: who was refused by it is out, whatever becomes of it.
  void sortOut() {
    opens.removeIf(attempt -> {
      boolean out = attempt.refusal != null;
      if (out) {
        refused.add(attempt);
      }
      return out;
    });
  }

  /// The oldest form that can say what is in it: what is kept aside must be known to whoever takes
  /// over, and a build that cannot read it leaves it to one that can.
  int formNeeded() {
    boolean holds =
        opens.stream().anyMatch(LoggedAttempt::holds)
            || closes.stream().anyMatch(LoggedAttempt::holds)
            || checkpoints.stream().anyMatch(checkpoint -> checkpoint.attempt().holds());
    return holds ? EntryWriter.FORM_CHARGES : 0;
  }

  String encode(EntryWriter writer, int form, long nowMillis) {
    writer.reset(form);
    for (LoggedAttempt attempt : opens) {
      if (attempt.refusal == null) {
        writer.opened(attempt.id(), attempt.opening(), 0, false, nowMillis);
      }
    }
    for (Checkpoint checkpoint : checkpoints) {
      LoggedAttempt attempt = checkpoint.attempt();
      writer.opened(
          attempt.id(), attempt.opening(), checkpoint.counted(), attempt.countsBytes(), nowMillis);
    }
    for (LoggedAttempt attempt : closes) {
      Outcome outcome = attempt.outcome();
      if (outcome != null) {
        writer.closed(attempt.id(), attempt.opening(), outcome, attempt.cost());
      }
    }
    for (LoggedAttempt attempt : voids) {
      writer.voided(attempt.id());
    }
    return writer.text();
  }

  /// The row is durable: brings the books of open attempts up to date.
  void committed(OpenAttempts open, long seq, long nowNanos) {
    for (LoggedAttempt attempt : opens) {
      open.written(attempt, seq, nowNanos, 0);
    }
    for (Checkpoint checkpoint : checkpoints) {
      open.written(checkpoint.attempt(), seq, nowNanos, checkpoint.counted());
    }
    closed(open);
  }

  void closed(OpenAttempts open) {
    for (LoggedAttempt attempt : closes) {
      open.remove(attempt);
      attempt.stage = LoggedAttempt.Stage.CLOSED;
    }
  }
}
