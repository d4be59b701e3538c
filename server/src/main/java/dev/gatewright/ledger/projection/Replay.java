package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.log.LogEntry;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.log.LogEntry.Opened;
import dev.gatewright.ledger.purse.BooksCheck;
import dev.gatewright.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// Computes the books again, what attempt logs say of purses included: the operator's check.
public final class Replay {
  private static final int ROWS_MAX = 256;

  private Replay() {}

  /// The same where nobody knows what purses that are no wallets come to.
  public static List<String> differences(Database database) {
    return check(database, _ -> Map.of()).differences();
  }

  /// What purses that are no wallets come to, in the snapshot that is checked.
  public interface Limits {
    Map<String, BooksCheck.Limit> of(Handle handle);
  }

  /// Reads one snapshot. Blocks.
  public static BooksCheck.Found check(Database database, Limits limits) {
    return database.read(
        handle -> new BooksCheck().found(handle, logged(handle), limits.of(handle)));
  }

  private static BooksCheck.Logged logged(Handle handle) {
    Map<String, Long> held = new TreeMap<>();
    Map<String, Long> unposted = new TreeMap<>();
    for (Instance instance : InstanceStore.all(handle)) {
      long mark = LogRowsStore.mark(handle, instance.id());
      Map<String, Opening> open = new HashMap<>();
      long at = 0;
      List<LogRowsStore.Row> rows;
      do {
        rows = LogRowsStore.rowsAfter(handle, instance.id(), at, ROWS_MAX);
        for (LogRowsStore.Row row : rows) {
          boolean projected = row.seq() <= mark;
          Projector.readEntries(row, row.seq(), entry -> follow(entry, projected, open, unposted));
          at = row.seq();
        }
      } while (rows.size() == ROWS_MAX);
      open.values()
          .forEach(opening -> holds(opening).forEach(hold -> add(held, hold, hold.nano())));
    }
    return new BooksCheck.Logged(held, unposted);
  }

  private static void follow(
      LogEntry entry, boolean projected, Map<String, Opening> open, Map<String, Long> unposted) {
    switch (entry) {
      case Opened opened -> open.put(opened.id(), opened.opening());
      case LogEntry.Voided voided -> open.remove(voided.id());
      case Closed closed -> {
        open.remove(closed.id());
        Cost cost = closed.cost();
        if (!projected && cost != null) {
          holds(closed.opening()).forEach(hold -> add(unposted, hold, hold.spent(cost)));
        }
      }
    }
  }

  private static List<Hold> holds(Opening opening) {
    Charge charge = opening.charge();
    return charge == null ? List.of() : charge.holds();
  }

  private static void add(Map<String, Long> sums, Hold hold, long nano) {
    sums.merge(hold.purse(), nano, Long::sum);
  }
}
