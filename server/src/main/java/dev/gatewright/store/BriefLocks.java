package dev.gatewright.store;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/// A migration on PostgreSQL waits for a table no longer than calls can: behind one that waits for
/// a long reader (a backup, a report) everybody else's statements would stand in line. It gives up
/// its place and comes again. What it then does may take as long as it takes.
final class BriefLocks implements Callback {
  /// Below the shortest of the lanes' own ([PostgresLane.Limits#lockSeconds]).
  static final int WAIT_MILLIS = 1_000;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /// Whether a migration failed because it gave up its place.
  static boolean gaveUp(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean supports(Event event, @Nullable Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, @Nullable Context context) {
    return true;
  }

  /// Of the migration's own transaction: a pooler in between carries nothing over to others.
  @Override
  public void handle(Event event, Context context) {
    try (Statement statement = context.getConnection().createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + WAIT_MILLIS);
    } catch (SQLException failure) {
      throw new FlywayException("lock_timeout cannot be set", failure);
    }
  }

  @Override
  public String getCallbackName() {
    return "brief locks";
  }
}
