package dev.gatewright.ledger;

import dev.gatewright.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/// SQL of the attempt log and of the instances that write it. Blocks.
///
/// Invariant 7 is kept one level down: an instance serves many tenants, and each entry of a payload
/// carries its own.
final class AttemptLogStore {
  /// What a process reads and writes whose build knew nothing of the columns that say it.
  static final int FORM_UNSAID = 2;

  /// The mark of how far a log is projected. Builds that do not say what they read pass over rows
  /// they cannot read; so the mark of a log that has such rows stands under a name they do not look
  /// for.
  private static final String MARK = "instance IN (?, ? || '/3')";

  private final Database database;
  private @Nullable Append prepared;

  AttemptLogStore(Database database) {
    this.database = database;
  }

  /// @param beat raised by each sign of life
  /// @param fenced its owner may write no more
  /// @param logSeq last row of its log, 0 when it has none
  record Instance(String id, long beat, boolean fenced, long logSeq) {}

  record Row(long seq, String payload) {}

  /// What of a log is to be projected, and the rows that come next, as of one moment.
  ///
  /// @param mark the last row that is projected
  record Unprojected(long mark, List<Row> rows) {}

  /// @param formRead the newest form of log rows this process reads
  void register(String instance, int formRead, long nowMillis) {
    database.write(handle -> {
      handle.execute(
          """
          INSERT INTO instance (id, beat, fenced, log_seq, started_millis, renewed_millis,
            form_read, form_written)
          VALUES (?, 0, 0, 0, ?, ?, ?, ?)\
          """,
          instance,
          nowMillis,
          nowMillis,
          formRead,
          FORM_UNSAID);
      return handle.execute(
          "INSERT INTO attempt_projection (instance, seq) VALUES (?, 0)", instance);
    });
  }

  /// Appends a row if `instance` may still write and `seq` is the next one. The row of `instance`
  /// stays locked until the commit, so whoever fences it waits for this and then sees it.
  ///
  /// @return false when it may not
  boolean append(String instance, long seq, String payload) {
    return database.write(handle -> {
      try {
        return database.kind() == Database.Kind.SQLITE
            ? appendPrepared(handle.getConnection(), instance, seq, payload)
            : append(handle.getConnection(), instance, seq, payload);
      } catch (SQLException e) {
        throw new UnableToExecuteStatementException("attempt log", e, null);
      }
    });
  }

  /// The same for the first row of another form: says the form first, in the row's transaction.
  boolean append(String instance, long seq, String payload, int form) {
    return database.write(handle -> {
      handle.execute("UPDATE instance SET form_written = ? WHERE id = ?", form, instance);
      if (form > FORM_UNSAID) {
        handle.execute(
            "UPDATE attempt_projection SET instance = ? || '/3' WHERE instance = ?",
            instance,
            instance);
      }
      try {
        return append(handle.getConnection(), instance, seq, payload);
      } catch (SQLException e) {
        throw new UnableToExecuteStatementException("attempt log", e, null);
      }
    });
  }

  /// The newest form that every process on this store can read.
  int formOfAll() {
    return database.read(handle ->
        handle
            .createQuery("SELECT MIN(COALESCE(form_read, ?)) FROM instance WHERE fenced = 0")
            .bind(0, FORM_UNSAID)
            .mapTo(Integer.class)
            .findOne()
            .orElse(FORM_UNSAID));
  }

  /// PostgreSQL's driver keeps what it has prepared by itself.
  private static boolean append(Connection connection, String instance, long seq, String payload)
      throws SQLException {
    try (Append append = Append.on(connection)) {
      return append.run(instance, seq, payload);
    }
  }

  /// SQLite has one writing connection; preparing anew for each commit would cost as much as the
  /// statements do. Touched in the store's transactions alone, one of which runs at a time.
  private boolean appendPrepared(Connection connection, String instance, long seq, String payload)
      throws SQLException {
    Append append = prepared;
    if (append == null || !append.connection().equals(connection)) {
      append = Append.on(connection);
      prepared = append;
    }
    try {
      return append.run(instance, seq, payload);
    } catch (SQLException e) {
      prepared = null;
      append.close();
      throw e;
    }
  }

  /// The one pair of statements that runs for every group of calls, straight to the driver.
  private record Append(Connection connection, PreparedStatement advance, PreparedStatement insert)
      implements AutoCloseable {
    static Append on(Connection connection) throws SQLException {
      return new Append(
          connection,
          connection.prepareStatement(
              "UPDATE instance SET log_seq = ? WHERE id = ? AND log_seq = ? AND fenced = 0"),
          connection.prepareStatement(
              "INSERT INTO attempt_log (instance, seq, payload) VALUES (?, ?, ?)"));
    }

    boolean run(String instance, long seq, String payload) throws SQLException {
      advance.setLong(1, seq);
      advance.setString(2, instance);
      advance.setLong(3, seq - 1);
      if (advance.executeUpdate() != 1) {
        return false;
      }
      insert.setString(1, instance);
      insert.setLong(2, seq);
      insert.setString(3, payload);
      insert.executeUpdate();
      return true;
    }

    @Override
    public void close() throws SQLException {
      try (advance) {
        insert.close();
      }
    }
  }

  /// A sign of life, and the truth about an instance's row: it waits for a commit that is still
  /// under way, so what it returns is final. Empty when the row is gone.
  Optional<Instance> beat(String instance, long nowMillis) {
    return database.write(handle ->
        handle
            .createQuery(
                """
                UPDATE instance SET beat = beat + 1, renewed_millis = ? WHERE id = ?
                RETURNING id, beat, fenced, log_seq\
                """)
            .bind(0, nowMillis)
            .bind(1, instance)
            .map((row, _) -> instance(row))
            .findOne());
  }

  List<Instance> instances() {
    return database.read(handle ->
        handle
            .createQuery("SELECT id, beat, fenced, log_seq FROM instance ORDER BY id")
            .map((row, _) -> instance(row))
            .list());
  }

  private static Instance instance(java.sql.ResultSet row) throws SQLException {
    return new Instance(row.getString(1), row.getLong(2), row.getLong(3) != 0, row.getLong(4));
  }

  /// Ends an instance's right to write, unless it has shown a sign of life since `beat`.
  boolean fence(String instance, long beat) {
    return database.write(handle ->
        handle.execute(
                "UPDATE instance SET fenced = 1 WHERE id = ? AND beat = ? AND fenced = 0",
                instance,
                beat)
            == 1);
  }

  /// Ends the right of every instance but one, where only one process can be alive.
  int fenceOthers(String instance) {
    return database.write(handle ->
        handle.execute("UPDATE instance SET fenced = 1 WHERE id <> ? AND fenced = 0", instance));
  }

  /// An instance gives up its own right.
  void fenceSelf(String instance) {
    database.write(
        handle -> handle.execute("UPDATE instance SET fenced = 1 WHERE id = ?", instance));
  }

  /// What is to be projected; empty when the instance is gone.
  Optional<Unprojected> unprojected(String instance, int rowsMax) {
    return database.read(handle ->
        handle
            .createQuery("SELECT seq FROM attempt_projection WHERE " + MARK)
            .bind(0, instance)
            .bind(1, instance)
            .mapTo(Long.class)
            .findOne()
            .map(mark -> new Unprojected(mark, rowsAfter(handle, instance, mark, rowsMax))));
  }

  /// Moves the mark from one row to another; false when somebody else has moved it.
  static boolean advance(Handle handle, String instance, long from, long to) {
    return handle.execute(
            "UPDATE attempt_projection SET seq = ? WHERE " + MARK + " AND seq = ?",
            to,
            instance,
            instance,
            from)
        == 1;
  }

  /// Rows after `seq`, in order.
  List<Row> rowsAfter(String instance, long seq, int rowsMax) {
    return database.read(handle -> rowsAfter(handle, instance, seq, rowsMax));
  }

  private static List<Row> rowsAfter(Handle handle, String instance, long seq, int rowsMax) {
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
  int trim(String instance, long seq) {
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
  static boolean remove(Handle handle, Instance instance) {
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
