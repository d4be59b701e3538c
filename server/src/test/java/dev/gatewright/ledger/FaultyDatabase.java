package dev.gatewright.ledger;

import dev.gatewright.store.Database;
import dev.gatewright.store.StoreFailed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// A database that can be made to fail or to stand still, around a real one.
final class FaultyDatabase implements Database {
  private final Database real;
  private volatile boolean failWrites;
  private volatile boolean failAfterCommit;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FaultyDatabase(Database real) {
    this.real = real;
  }

  /// Every write fails before it has done anything.
  void failWrites(boolean fail) {
    failWrites = fail;
  }

  /// The log's next write is committed, and then reported as failed.
  void failAfterNextCommit() {
    failAfterCommit = true;
  }

  /// True once that has happened.
  boolean failedAfterCommit() {
    return !failAfterCommit;
  }

  /// Every call waits until [#resume()]: to the rest of the world this process is paused.
  void pause() {
    gate = new CountDownLatch(1);
  }

  void resume() {
    gate.countDown();
  }

  private void pass() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("interrupted", e);
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    pass();
    return real.read(work);
  }

  @Override
  public <T> T write(Work<T> work) {
    pass();
    if (failWrites) {
      throw new StoreFailed("a failure was asked for");
    }
    boolean fail = failAfterCommit && Thread.currentThread().getName().equals("attempt-log");
    T result = real.write(work);
    if (fail) {
      failAfterCommit = false;
      throw new StoreFailed("a failure after the commit was asked for");
    }
    return result;
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    return real.readLater(work);
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    return real.writeLater(work);
  }

  @Override
  public Kind kind() {
    return real.kind();
  }

  @Override
  public void close() {
    real.close();
  }
}
