package dev.gatewright.ledger.purse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/// SQL of purses. Statements of one purse each, sorted by its id: a statement of many takes its
/// locks in an order of its own, and two of them wait for each other.
///
/// Invariant 7 is kept by the purse's id, which belongs to one organization.
public final class PurseStore implements Books {
  private static final String TRY =
      """
      UPDATE purse SET room = room + ? - ?, held = held + ? - ?, unposted = unposted + ?
      WHERE id = ? AND room + ? >= ?\
      """;
  private static final String SETTLE =
      """
      UPDATE purse SET room = room + ?, held = held - ?, unposted = unposted + ? WHERE id = ?
      RETURNING room\
      """;
  private static final String TAKE =
      "UPDATE purse SET room = room - ?, held = held + ? WHERE id = ?";

  private final Handle handle;
  private final NewPurse newPurse;

  /// @param handle in a transaction
  public PurseStore(Handle handle, NewPurse newPurse) {
    this.handle = handle;
    this.newPurse = newPurse;
  }

  /// Takes the locks of all of these in their order, for a transaction that ran into a deadlock.
  void lock(List<String> sorted) {
    run(
        "UPDATE purse SET room = room WHERE id = ?",
        statement -> {
          for (String purse : sorted) {
            statement.setString(1, purse);
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  @Override
  public List<Boolean> tryEach(List<Move> moves) {
    int[] counts =
        run(
            TRY,
            statement -> {
              for (Move move : moves) {
                statement.setLong(1, move.back());
                statement.setLong(2, move.take());
                statement.setLong(3, move.take());
                statement.setLong(4, move.freed());
                statement.setLong(5, move.spent());
                statement.setString(6, move.purse());
                statement.setLong(7, move.back());
                statement.setLong(8, move.take());
                statement.addBatch();
              }
              return statement.executeBatch();
            });
    List<Boolean> done = new ArrayList<>(counts.length);
    for (int count : counts) {
      done.add(count == 1);
    }
    return done;
  }

  @Override
  public OptionalLong settle(Move move) {
    OptionalLong room = settled(move);
    return room.isPresent() || !newPurse.make(handle, move.purse()) ? room : settled(move);
  }

  private OptionalLong settled(Move move) {
    return run(
        SETTLE,
        statement -> {
          statement.setLong(1, move.back());
          statement.setLong(2, move.freed());
          statement.setLong(3, move.spent());
          statement.setString(4, move.purse());
          try (ResultSet row = statement.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
          }
        });
  }

  @Override
  public void take(List<Taken> takes) {
    run(
        TAKE,
        statement -> {
          for (Taken taken : takes) {
            statement.setLong(1, taken.nano());
            statement.setLong(2, taken.nano());
            statement.setString(3, taken.purse());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  /// @param <T> what it yields
  @FunctionalInterface
  private interface Statement<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(String sql, Statement<T> work) {
    Connection connection = handle.getConnection();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return work.run(statement);
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("purses", e, null);
    }
  }
}
