package dev.gatewright.ledger.log;

import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.purse.Commit;
import dev.gatewright.ledger.purse.NewPurse;
import dev.gatewright.ledger.purse.PurseStore;
import dev.gatewright.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/// SQL that writes the attempt log. Blocks.
///
/// Invariant 7 is kept one level down: an instance serves many tenants, and each entry of a payload
/// carries its own.
public final class AttemptLogStore {
  private final Database database;
  private final NewPurse newPurse;
  private @Nullable Append prepared;

  public AttemptLogStore(Database database) {
    this(database, NewPurse.NONE);
  }

  AttemptLogStore(Database database, NewPurse newPurse) {
    this.database = database;
    this.newPurse = newPurse;
  }

  /// Appends a row if `instance` may still write and `seq` is the next one. The row of `instance`
  /// stays locked until the commit, so whoever fences it waits for this and then sees it.
  ///
  /// @return false when it may not
  public boolean append(String instance, long seq, String payload) {
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
  public boolean append(String instance, long seq, String payload, int form) {
    return database.write(handle -> {
      sayForm(handle, instance, form);
      try {
        return append(handle.getConnection(), instance, seq, payload);
      } catch (SQLException e) {
        throw new UnableToExecuteStatementException("attempt log", e, null);
      }
    });
  }

  private static void sayForm(Handle handle, String instance, int form) {
    handle.execute("UPDATE instance SET form_written = ? WHERE id = ?", form, instance);
    if (form > InstanceStore.FORM_UNSAID) {
      handle.execute(
          "UPDATE attempt_projection SET instance = ? || '/3' WHERE instance = ?",
          instance,
          instance);
    }
  }

  /// The same of a row that does something to purses: all in one transaction, and what the row says
  /// follows from what the purses answer.
  ///
  /// @param decided hears what became of the openings; once for each time the transaction is tried
  /// @param payload asked after that
  boolean append(
      String instance,
      long seq,
      int form,
      boolean formSaid,
      Commit settlement,
      Consumer<List<@Nullable InsufficientFunds>> decided,
      Supplier<String> payload) {
    int[] tries = new int[1];
    return database.write(handle -> {
      boolean again = tries[0]++ > 0;
      if (!formSaid) {
        sayForm(handle, instance, form);
      }
      try (Append append = Append.on(handle.getConnection())) {
        if (!append.advance(instance, seq)) {
          return false;
        }
        PurseStore purses = new PurseStore(handle, newPurse);
        decided.accept(again ? settlement.decideAgain(purses) : settlement.decide(purses));
        append.insert(instance, seq, payload.get());
        return true;
      } catch (SQLException e) {
        throw new UnableToExecuteStatementException("attempt log", e, null);
      }
    });
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
      if (!advance(instance, seq)) {
        return false;
      }
      insert(instance, seq, payload);
      return true;
    }

    boolean advance(String instance, long seq) throws SQLException {
      advance.setLong(1, seq);
      advance.setString(2, instance);
      advance.setLong(3, seq - 1);
      return advance.executeUpdate() == 1;
    }

    void insert(String instance, long seq, String payload) throws SQLException {
      insert.setString(1, instance);
      insert.setLong(2, seq);
      insert.setString(3, payload);
      insert.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
      try (advance) {
        insert.close();
      }
    }
  }
}
