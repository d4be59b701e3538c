package dev.gatewright.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.gatewright.secret.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/// PostgreSQL through a connection pool. Blocking work runs where it is asked for; the `…Later`
/// forms run on virtual threads, a bounded number of them.
final class PostgresDatabase implements Database {
  private static final int CONNECT_SECONDS = 3;
  private static final int ANSWER_SECONDS = 20;
  private static final int START_SECONDS = 10;
  private static final int LATER_MAX = 4_096;

  /// A commit is on the disk before it counts. A transaction whose owner stopped in the middle (a
  /// paused virtual machine) must not hold its row locks longer than a lease lasts.
  private static final String SESSION =
      "SET synchronous_commit = on; SET lock_timeout = '10s';"
          + " SET idle_in_transaction_session_timeout = '10s'";

  private final PostgresAddress address;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final ExecutorService later = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore laterRoom = new Semaphore(LATER_MAX);

  private PostgresDatabase(PostgresAddress address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  static PostgresDatabase open(PostgresAddress address, int connectionsMax) {
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(configuration(address, connectionsMax));
    } catch (HikariPool.PoolInitializationException e) {
      throw new StoreFailed("the store at %s cannot be reached".formatted(address), e);
    }
    try {
      Migrations.run(pool, Kind.POSTGRES);
      return new PostgresDatabase(address, pool);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static HikariConfig configuration(PostgresAddress address, int connectionsMax) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres");
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.user());
    Secret password = address.password();
    if (password != null) {
      config.setPassword(password.expose());
    }
    config.setMaximumPoolSize(connectionsMax);
    config.setMinimumIdle(2);
    config.setConnectionInitSql(SESSION);
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(CONNECT_SECONDS));
    config.setValidationTimeout(TimeUnit.SECONDS.toMillis(2));
    config.setInitializationFailTimeout(TimeUnit.SECONDS.toMillis(START_SECONDS));
    config.addDataSourceProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    config.addDataSourceProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("ApplicationName", "gatewright");
    return config;
  }

  @Override
  public <T> T read(Work<T> work) {
    return guarded(() ->
        jdbi.inTransaction(handle -> {
          handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
          return work.run(handle);
        }));
  }

  @Override
  public <T> T write(Work<T> work) {
    return guarded(() -> jdbi.inTransaction(work::run));
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    return later(() -> read(work));
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    return later(() -> write(work));
  }

  private <T> CompletableFuture<T> later(Blocking<T> blocking) {
    if (!laterRoom.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new StoreFailed("the store is behind: %d calls are waiting".formatted(LATER_MAX)));
    }
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            future.complete(blocking.run());
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

  private static <T> T guarded(Blocking<T> blocking) {
    try {
      return blocking.run();
    } catch (RuntimeException e) {
      throw StoreWork.rethrown(StoreFailures.told(e));
    }
  }

  /// A connection outside the pool, for waiting on notifications; the caller closes it.
  Connection ownConnection() throws SQLException {
    Properties properties = new Properties();
    if (address.user() != null) {
      properties.setProperty("user", address.user());
    }
    Secret password = address.password();
    if (password != null) {
      properties.setProperty("password", password.expose());
    }
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "gatewright-changes");
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  @Override
  public Kind kind() {
    return Kind.POSTGRES;
  }

  @Override
  public void close() {
    later.close();
    pool.close();
  }

  private interface Blocking<T> {
    T run();
  }
}
