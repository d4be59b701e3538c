package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Pricing;
import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.ledger.log.LogEntry;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.log.LogEntry.Opened;
import dev.gatewright.ledger.projection.LogRowsStore.Row;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.ledger.purse.Postings;
import dev.gatewright.store.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records as interrupted what a fenced instance left open, bills it by its last checkpoint, and
/// removes the instance: one transaction, which only one replica ever wins and which a crash undoes
/// whole.
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final int ROWS_MAX = 64;

  private final Database database;
  private final LogRowsStore log;
  private final UsageSink rows;
  private final Pricing pricing;
  private final Poster poster;
  private final Projector.FailPoint failPoint;

  Takeover(
      Database database,
      LogRowsStore log,
      UsageSink rows,
      Pricing pricing,
      Poster poster,
      Projector.FailPoint failPoint) {
    this.pricing = pricing;
    this.poster = poster;
    this.database = database;
    this.log = log;
    this.rows = rows;
    this.failPoint = failPoint;
  }

  /// @param instance fenced, and projected to its end
  void finish(Instance instance) {
    List<Closed> interrupted = open(instance).values().stream().map(this::interrupted).toList();
    Postings postings = new Postings();
    for (Closed attempt : interrupted) {
      Cost cost = attempt.cost();
      if (cost != null) {
        postings.interrupted(attempt.opening(), cost);
      }
    }
    failPoint.at("takeover:read");
    boolean ours =
        database.write(handle -> {
          if (!LogRowsStore.remove(handle, instance)) {
            return false;
          }
          failPoint.at("takeover:removed");
          rows.add(handle, interrupted);
          failPoint.at("takeover:added");
          poster.post(handle, postings, instance.id() + ":end");
          failPoint.at("takeover:posted");
          return true;
        });
    failPoint.at("takeover:committed");
    if (ours) {
      poster.posted(postings);
      LOG.info(
          "instance {} has ended, {} attempts were interrupted", instance.id(), interrupted.size());
    }
  }

  /// Replays what is left of the log. Rows go from the front only, so an opening that is still here
  /// and was closed has its close here too.
  private Map<String, Opened> open(Instance instance) {
    Map<String, Opened> open = new LinkedHashMap<>();
    long at = 0;
    List<Row> read;
    do {
      read = log.rowsAfter(instance.id(), at, ROWS_MAX);
      for (Row row : read) {
        long expected = at == 0 ? row.seq() : at + 1;
        Projector.readEntries(row, expected, entry -> replay(entry, open));
        at = row.seq();
      }
    } while (read.size() == ROWS_MAX);
    if (at != 0 && at < instance.logSeq()) {
      throw Projector.UnreadableLog.missing(at + 1);
    }
    return open;
  }

  private static void replay(LogEntry entry, Map<String, Opened> open) {
    switch (entry) {
      case Opened opened -> open.put(opened.id(), opened);
      case Closed closed -> open.remove(closed.id());
      case LogEntry.Voided voided -> open.remove(voided.id());
    }
  }

  private Closed interrupted(Opened opened) {
    Opening opening = opened.opening();
    Usage usage =
        opened.bytes()
            ? Usage.of(Unit.BYTES, opened.counted(), Source.COUNTED)
            : new Usage(opening.inputTokensEstimate(), opened.counted(), 0, 0, 0, Source.COUNTED);
    long durationMillis = Math.max(0, opened.atMillis() - opening.startedMillis());
    return new Closed(
        opened.id(),
        opening,
        new Outcome(End.INTERRUPTED, 0, usage, -1, durationMillis, 0, 0),
        opening.charge() == null ? null : pricing.of(opening, usage));
  }
}
