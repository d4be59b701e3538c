package dev.gatewright.store;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// SQLite in the data folder, owned by this process alone.
public final class SqliteDatabase implements Database {
  /// Its name in the data folder.
  public static final String FILE = "gatewright.db";

  private final AutoCloseable folderLock;
  private final SqliteWriter writer;
  private final SqliteReaders readers;

  private SqliteDatabase(AutoCloseable folderLock, SqliteWriter writer, SqliteReaders readers) {
    this.folderLock = folderLock;
    this.writer = writer;
    this.readers = readers;
  }

  static SqliteDatabase open(DataFolder folder) {
    AutoCloseable lock = folder.lock();
    try {
      // The files SQLite adds beside it (-wal, -shm) take over its mode.
      Path file = folder.privateFile(FILE);
      Migrations.run(SqliteConnections.forMigrations(file), Kind.SQLITE);
      SqliteWriter writer = new SqliteWriter(SqliteConnections.writer(file));
      SqliteReaders readers = new SqliteReaders(SqliteConnections.reader(file));
      writer.start();
      readers.start();
      return new SqliteDatabase(lock, writer, readers);
    } catch (RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    if (readers.isCurrentThread() || writer.isCurrentThread()) {
      throw new IllegalStateException("a store thread must not wait for the store");
    }
    return StoreWork.await(readLater(work));
  }

  @Override
  public <T> T write(Work<T> work) {
    if (readers.isCurrentThread() || writer.isCurrentThread()) {
      throw new IllegalStateException("a store thread must not wait for the store");
    }
    StoreWork<T> due = new StoreWork<>(work);
    if (!writer.runHere(due)) {
      writer.submit(due);
    }
    return StoreWork.await(due.future);
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    StoreWork<T> queued = new StoreWork<>(work);
    readers.submit(queued);
    return queued.future;
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    StoreWork<T> queued = new StoreWork<>(work);
    writer.submit(queued);
    return queued.future;
  }

  @Override
  public Kind kind() {
    return Kind.SQLITE;
  }

  @Override
  public void close() {
    readers.close();
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
}
