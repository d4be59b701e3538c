package dev.gatewright.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/// Tells a broken store from a statement the store refused. A refused statement (a unique id taken,
/// a check not met) is the business of whoever wrote it and passes through as it came.
final class StoreFailures {
  /// Connection lost, rolled back for another's sake (deadlock), resources gone, operator
  /// intervention and time limits, system error, no space, read-only, locked.
  private static final List<String> BROKEN_STATES =
      List.of("08", "40", "53", "57", "58", "XX", "25006", "25P03", "55P03");

  /// A deadlock, a snapshot that no longer holds: undone whole, and worth another try.
  private static final List<String> REPEATED_STATES = List.of("40P01", "40001");

  private StoreFailures() {}

  /// What a caller of the store gets to see for `thrown`.
  static Throwable told(Throwable thrown) {
    SQLException sql = sqlCause(thrown);
    if (sql == null || thrown instanceof StoreFailed || !broken(sql)) {
      return thrown;
    }
    return new StoreFailed("the store failed: " + sql.getMessage(), thrown);
  }

  /// The transaction was undone because of others, and may go through now.
  static boolean worthRepeating(Throwable thrown) {
    SQLException sql = sqlCause(thrown);
    return sql != null && REPEATED_STATES.contains(String.valueOf(sql.getSQLState()));
  }

  private static @Nullable SQLException sqlCause(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < 16; depth++, at = at.getCause()) {
      if (at instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static boolean broken(SQLException thrown) {
    if (thrown instanceof SQLiteException sqlite) {
      // The low byte of an extended code is its family.
      return switch (sqlite.getResultCode().code & 0xff) {
        // PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
        case 3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26 -> true;
        default -> false;
      };
    }
    if (thrown instanceof SQLTransientConnectionException) {
      return true;
    }
    String state = thrown.getSQLState();
    return state == null || BROKEN_STATES.stream().anyMatch(state::startsWith);
  }
}
