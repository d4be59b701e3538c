package dev.gatewright.store;

import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/// How SQLite is opened: WAL, every commit forced to the disk, one writer and any number of
/// readers.
public final class SqliteConnections {
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;
  private static final int PAGE_CACHE_KIB = 4_096;

  private SqliteConnections() {}

  /// For migrations and copies, which go by the driver's own defaults elsewhere.
  public static SQLiteDataSource forMigrations(Path file) {
    return source(file, config(SQLiteConfig.TransactionMode.IMMEDIATE));
  }

  private static SQLiteDataSource source(Path file, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static SQLiteConfig config(SQLiteConfig.TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.enforceForeignKeys(true);
    config.setCacheSize(-PAGE_CACHE_KIB);
    config.setJournalSizeLimit(64 << 20);
    config.setTransactionMode(mode);
    return config;
  }

  static Jdbi writer(Path file) {
    return jdbi(file, SQLiteConfig.TransactionMode.IMMEDIATE);
  }

  static Jdbi reader(Path file) {
    return jdbi(file, SQLiteConfig.TransactionMode.DEFERRED);
  }

  private static Jdbi jdbi(Path file, SQLiteConfig.TransactionMode mode) {
    SQLiteConfig config = config(mode);
    // One thread at a time uses a connection; SQLite's own lock at each of 44 values of a row is a
    // fourteenth of it.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    // Ids are made by us; the driver would ask for the last row's after every INSERT.
    config.setGetGeneratedKeys(false);
    return StatementParser.on(Jdbi.create(source(file, config)))
        .setTransactionHandler(new SqliteTransactions());
  }

  /// Loads the driver, its native library and what Jdbi needs for a first statement, a quarter of a
  /// start's work, so that it can happen while the configuration is read.
  public static void load() {
    // Not by an address: that would ask every driver in the jar, PostgreSQL's too.
    SQLiteDataSource memory = new SQLiteDataSource(config(SQLiteConfig.TransactionMode.DEFERRED));
    memory.setUrl("jdbc:sqlite::memory:");
    int _ =
        StatementParser.on(Jdbi.create(memory))
            .withHandle(handle ->
                handle.createQuery("SELECT 1 WHERE 1 = ?").bind(0, 1).mapTo(Integer.class).one());
  }
}
