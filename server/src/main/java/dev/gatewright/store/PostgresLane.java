package dev.gatewright.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;
import dev.gatewright.secret.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/// The connections of one lane to PostgreSQL. Blocking work runs where it is asked for; the
/// `…Later` forms run on virtual threads, a bounded number of them.
final class PostgresLane implements Database {
  static final int CONNECT_SECONDS = 3;
  private static final int START_SECONDS = 10;
  private static final int LATER_MAX = 4_096;
  private static final int REPEATS_MAX = 2;
  private static final long REPEAT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  private final Database whole;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final String readSettings;
  private final String writeSettings;
  private final ExecutorService later = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore laterRoom = new Semaphore(LATER_MAX);

  /// @param connections the most it has
  /// @param lockSeconds how long a statement waits for a row
  /// @param statementSeconds how long a statement may take
  record Limits(int connections, int lockSeconds, int statementSeconds) {
    /// A transaction's own, so that they end with it: a connection pooler that hands connections on
    /// between transactions carries nothing over to others. A transaction whose owner stopped in
    /// the middle (a paused virtual machine) must not hold its locks longer than a lease lasts.
    String settings() {
      return "SET LOCAL lock_timeout = '%ds'; SET LOCAL statement_timeout = '%ds'; "
              .formatted(lockSeconds, statementSeconds)
          + "SET LOCAL idle_in_transaction_session_timeout = '10s'";
    }

    /// The driver gives up a little after the server should have.
    int answerSeconds() {
      return statementSeconds + 5;
    }
  }

  private PostgresLane(Database whole, HikariDataSource pool, Limits limits) {
    this.whole = whole;
    this.pool = pool;
    this.jdbi = StatementParser.on(Jdbi.create(pool));
    // One message each: the driver sends what stands in one text, and BEGIN before it, at once.
    this.readSettings =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; " + limits.settings();
    // A commit is on the disk before it counts.
    this.writeSettings = "SET LOCAL synchronous_commit = on; " + limits.settings();
  }

  static PostgresLane open(Database whole, PostgresAddress address, Lane lane, Limits limits) {
    try {
      HikariConfig config = configuration(address, lane, limits);
      return new PostgresLane(whole, new HikariDataSource(config), limits);
    } catch (HikariPool.PoolInitializationException e) {
      throw new StoreFailed("the store at %s cannot be reached".formatted(address), e);
    }
  }

  private static HikariConfig configuration(PostgresAddress address, Lane lane, Limits limits) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres-" + lane.word());
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.user());
    Secret password = address.password();
    if (password != null) {
      config.setPassword(password.expose());
    }
    config.setMaximumPoolSize(limits.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(CONNECT_SECONDS));
    config.setValidationTimeout(TimeUnit.SECONDS.toMillis(2));
    config.setInitializationFailTimeout(TimeUnit.SECONDS.toMillis(START_SECONDS));
    config.addDataSourceProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    config.addDataSourceProperty("socketTimeout", Integer.toString(limits.answerSeconds()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("ApplicationName", "gatewright-" + lane.word());
    return config;
  }

  @Override
  public <T> T read(Work<T> work) {
    return guarded(readSettings, work);
  }

  @Override
  public <T> T write(Work<T> work) {
    return guarded(writeSettings, work);
  }

  private <T> T guarded(String settings, Work<T> work) {
    for (int repeats = 0; ; repeats++) {
      try {
        return jdbi.inTransaction(handle -> {
          handle.execute(settings);
          return work.run(handle);
        });
      } catch (RuntimeException e) {
        if (repeats == REPEATS_MAX || !StoreFailures.worthRepeating(e)) {
          throw StoreWork.rethrown(StoreFailures.told(e));
        }
        // Each after a time of its own, or both meet again.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(REPEAT_NANOS_MAX << repeats));
      }
    }
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    return later(readSettings, work);
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    return later(writeSettings, work);
  }

  private <T> CompletableFuture<T> later(String settings, Work<T> work) {
    if (!laterRoom.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new StoreFailed("the store is behind: %d calls are waiting".formatted(LATER_MAX)));
    }
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            future.complete(guarded(settings, work));
          } catch (Throwable thrown) {
            future.completeExceptionally(thrown);
          } finally {
            laterRoom.release();
          }
        };
    try {
      later.execute(task);
    } catch (RuntimeException e) {
      laterRoom.release();
      future.completeExceptionally(new StoreFailed("the store is closed", e));
    }
    return future;
  }

  LaneUse laneUse() {
    HikariPoolMXBean now = pool.getHikariPoolMXBean();
    return new LaneUse(
        now.getActiveConnections(), pool.getMaximumPoolSize(), now.getThreadsAwaitingConnection());
  }

  /// What a statement answers on one of these connections without our settings, for tests.
  String outsideTransactions(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  @Override
  public Kind kind() {
    return Kind.POSTGRES;
  }

  @Override
  public Database on(Lane lane) {
    return whole.on(lane);
  }

  /// Its owner closes it, by [#shut()].
  @Override
  public void close() {}

  void shut() {
    later.close();
    pool.close();
  }
}
