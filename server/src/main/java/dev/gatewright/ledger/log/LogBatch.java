package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What one log row will hold. Confined to the log thread.
final class LogBatch {
  /// Entries of one row; more wait for the next commit.
  static final int ENTRIES_MAX = 1_024;

  final List<LoggedAttempt> opens = new ArrayList<>();
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
    return size() >= ENTRIES_MAX;
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

  private void take(LoggedAttempt attempt) {
    switch (attempt.stage) {
      case NEW -> {
        attempt.stage = LoggedAttempt.Stage.OPENING;
        opens.add(attempt);
      }
      case OPENING, OPEN -> closes.add(attempt);
      // Refused: it never was. Taken: another instance writes its row.
      case REFUSED, TAKEN, CLOSED -> {}
    }
  }

  void checkpoint(LoggedAttempt attempt) {
    checkpoints.add(new Checkpoint(attempt, attempt.outputTokensCounted()));
  }

  void closeAll(Collection<LoggedAttempt> attempts) {
    closes.addAll(attempts);
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
      writer.opened(attempt.id(), attempt.opening(), 0, false, nowMillis);
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
