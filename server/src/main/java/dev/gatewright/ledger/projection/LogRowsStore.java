package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.store.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of logs that are read: what is to be projected, how far it has come, what may go. Blocks.
public final class LogRowsStore {
  /// The mark of how far a log is projected. Builds that do not say what they read pass over rows
  /// they cannot read; so the mark of a log that has such rows stands under a name they do not look
  /// for.
  private static final String MARK = "instance IN (?, ? || '/3')";

  private final Database database;

  public LogRowsStore(Database database) {
    this.database = database;
  }

  public record Row(long seq, String payload) {}

  /// What of a log is to be projected, and the rows that come next, as of one moment.
  ///
  /// @param mark the last row that is projected
  public record Unprojected(long mark, List<Row> rows) {}

  /// What is to be projected; empty when the instance is gone.
  public Optional<Unprojected> unprojected(String instance, int rowsMax) {
    return database.read(handle ->
        handle
            .createQuery("SELECT seq FROM attempt_projection WHERE " + MARK)
            .bind(0, instance)
            .bind(1, instance)
            .mapTo(Long.class)
            .findOne()
            .map(mark -> new Unprojected(mark, rowsAfter(handle, instance, mark, rowsMax))));
  }

  /// The last row that is projected; 0 when the instance is gone.
  static long mark(Handle handle, String instance) {
    return handle
        .createQuery("SELECT seq FROM attempt_projection WHERE " + MARK)
        .bind(0, instance)
        .bind(1, instance)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /// Moves the mark from one row to another; false when somebody else has moved it.
  public static boolean advance(Handle handle, String instance, long from, long to) {
    return handle.execute(
            "UPDATE attempt_projection SET seq = ? WHERE " + MARK + " AND seq = ?",
            to,
            instance,
            instance,
            from)
        == 1;
  }

  /// Rows after `seq`, in order.
  public List<Row> rowsAfter(String instance, long seq, int rowsMax) {
    return database.read(handle -> rowsAfter(handle, instance, seq, rowsMax));
  }

  static List<Row> rowsAfter(Handle handle, String instance, long seq, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT seq, payload FROM attempt_log
            WHERE instance = ? AND seq > ? ORDER BY seq LIMIT ?\
            """)
        .bind(0, instance)
        .bind(1, seq)
        .bind(2, rowsMax)
        .map((row, _) -> new Row(row.getLong(1), row.getString(2)))
        .list();
  }

  /// Deletes rows up to `seq`, never one that has not been projected.
  public int trim(String instance, long seq) {
    return database.write(handle ->
        handle.execute(
            """
            DELETE FROM attempt_log WHERE instance = ? AND seq <= ?
            AND seq <= (SELECT seq FROM attempt_projection WHERE %s)\
            """
                .formatted(MARK),
            instance,
            seq,
            instance,
            instance));
  }

  /// Removes a fenced instance whose log is projected to its end, in the transaction that records
  /// what it left open. Only one caller ever gets true.
  public static boolean remove(Handle handle, Instance instance) {
    boolean ours =
        handle.execute(
                "DELETE FROM attempt_projection WHERE " + MARK + " AND seq = ?",
                instance.id(),
                instance.id(),
                instance.logSeq())
            == 1;
    if (ours) {
      handle.execute("DELETE FROM instance WHERE id = ?", instance.id());
      handle.execute("DELETE FROM attempt_log WHERE instance = ?", instance.id());
    }
    return ours;
  }
}
