package dev.gatewright.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Jdbi;

/// SQLite in the data folder, owned by this process alone. Lanes have readers of their own; the one
/// writer serves all, in short turns.
public final class SqliteDatabase implements Database {
  /// Its name in the data folder.
  public static final String FILE = "gatewright.db";

  private static final int LOOK_UP_THREADS = 2;
  private static final int PORTAL_THREADS = 3;

  private final AutoCloseable folderLock;
  private final SqliteWriter writer;
  private final SqliteReaders lookUps;
  private final SqliteReaders readers;
  private final Database lookUpLane = new LookUps();

  private SqliteDatabase(
      AutoCloseable folderLock, SqliteWriter writer, SqliteReaders lookUps, SqliteReaders readers) {
    this.folderLock = folderLock;
    this.writer = writer;
    this.lookUps = lookUps;
    this.readers = readers;
  }

  static SqliteDatabase open(DataFolder folder) {
    AutoCloseable lock = folder.lock();
    try {
      // The files SQLite adds beside it (-wal, -shm) take over its mode.
      Path file = folder.privateFile(FILE);
      Migrations.run(SqliteConnections.forMigrations(file), Kind.SQLITE);
      SqliteWriter writer = new SqliteWriter(SqliteConnections.writer(file));
      Jdbi reading = SqliteConnections.reader(file);
      SqliteReaders lookUps = new SqliteReaders(reading, "sqlite-look-up", LOOK_UP_THREADS);
      SqliteReaders readers = new SqliteReaders(reading, "sqlite-reader", PORTAL_THREADS);
      writer.start();
      lookUps.start();
      readers.start();
      return new SqliteDatabase(lock, writer, lookUps, readers);
    } catch (RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  /// The log has no reads that calls wait for.
  @Override
  public Database on(Lane lane) {
    return lane == Lane.PORTAL ? this : lookUpLane;
  }

  @Override
  public <T> T read(Work<T> work) {
    return read(readers, work);
  }

  private <T> T read(SqliteReaders by, Work<T> work) {
    refuseStoreThreads();
    return StoreWork.await(readLater(by, work));
  }

  @Override
  public <T> T write(Work<T> work) {
    refuseStoreThreads();
    StoreWork<T> due = new StoreWork<>(work);
    if (!writer.runHere(due)) {
      writer.submit(due);
    }
    return StoreWork.await(due.future);
  }

  private void refuseStoreThreads() {
    if (readers.isCurrentThread() || lookUps.isCurrentThread() || writer.isCurrentThread()) {
      throw new IllegalStateException("a store thread must not wait for the store");
    }
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    return readLater(readers, work);
  }

  private static <T> CompletableFuture<T> readLater(SqliteReaders by, Work<T> work) {
    StoreWork<T> queued = new StoreWork<>(work);
    by.submit(queued);
    return queued.future;
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    StoreWork<T> queued = new StoreWork<>(work);
    writer.submit(queued);
    return queued.future;
  }

  /// The one writer, which serves all, is shown as the log's.
  @Override
  public Map<Lane, LaneUse> use() {
    return Map.of(Lane.LOG, writer.use(), Lane.LOOK_UPS, lookUps.use(), Lane.PORTAL, readers.use());
  }

  @Override
  public Kind kind() {
    return Kind.SQLITE;
  }

  @Override
  public void close() {
    readers.close();
    lookUps.close();
    writer.close();
    release(folderLock);
  }

  private static void release(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      throw new StoreFailed("the data folder's lock cannot be released", e);
    }
  }

  /// The same store through the readers that calls wait for.
  private final class LookUps implements Database {
    @Override
    public <T> T read(Work<T> work) {
      return SqliteDatabase.this.read(lookUps, work);
    }

    @Override
    public <T> CompletableFuture<T> readLater(Work<T> work) {
      return SqliteDatabase.readLater(lookUps, work);
    }

    @Override
    public <T> T write(Work<T> work) {
      return SqliteDatabase.this.write(work);
    }

    @Override
    public <T> CompletableFuture<T> writeLater(Work<T> work) {
      return SqliteDatabase.this.writeLater(work);
    }

    @Override
    public Kind kind() {
      return Kind.SQLITE;
    }

    @Override
    public Database on(Lane lane) {
      return SqliteDatabase.this.on(lane);
    }

    /// Its owner closes it.
    @Override
    public void close() {}
  }
}
