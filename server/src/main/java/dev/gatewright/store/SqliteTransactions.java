package dev.gatewright.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;

/// Ends SQLite's transactions without starting the next one. The driver's own `commit` begins a new
/// transaction at once, which would hold the write lock and a snapshot while nothing happens;
/// switching auto-commit on commits and stops there.
final class SqliteTransactions extends LocalTransactionHandler {
  @Override
  public void begin(Handle handle) {
    try {
      handle.getConnection().setAutoCommit(false);
    } catch (SQLException e) {
      settle(handle.getConnection());
      throw new TransactionException("cannot begin", e);
    }
  }

  @Override
  public void commit(Handle handle) {
    try {
      handle.getConnection().setAutoCommit(true);
    } catch (SQLException e) {
      settle(handle.getConnection());
      throw new TransactionException("cannot commit", e);
    }
  }

  @Override
  public void rollback(Handle handle) {
    settle(handle.getConnection());
  }

  /// Leaves the connection without a transaction, whatever happened: on a full disk SQLite rolls
  /// back by itself, and then there is nothing left to roll back.
  private static void settle(Connection connection) {
    try (var statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException _) {
      // No transaction is open: what we wanted.
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException _) {
      // The flag is set before the driver's needless COMMIT, which is what failed.
    }
  }
}
