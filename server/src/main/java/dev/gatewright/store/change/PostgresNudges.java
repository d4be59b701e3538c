package dev.gatewright.store.change;

import dev.gatewright.store.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/// Listens to PostgreSQL's notifications on a connection of its own, so that a change is heard in a
/// millisecond where it can be. Nothing depends on it: the poll hears everything anyway.
final class PostgresNudges implements AutoCloseable {
  private static final int WAIT_MILLIS = 10_000;
  private static final long RETRY_SECONDS = 5;

  private final PostgresDatabase database;
  private final Runnable nudge;
  private final Thread thread;
  private volatile boolean closed;

  PostgresNudges(PostgresDatabase database, Runnable nudge) {
    this.database = database;
    this.nudge = nudge;
    this.thread = Thread.ofVirtual().name("change-nudges").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        listen();
      } catch (SQLException _) {
        // The poll says so if the store is gone.
      }
      try {
        TimeUnit.SECONDS.sleep(closed ? 0 : RETRY_SECONDS);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void listen() throws SQLException {
    try (Connection connection = database.ownConnection();
        var statement = connection.createStatement()) {
      statement.execute("LISTEN " + ChangeStore.CHANNEL);
      PGConnection postgres = connection.unwrap(PGConnection.class);
      while (!closed) {
        if (postgres.getNotifications(WAIT_MILLIS).length > 0) {
          nudge.run();
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
