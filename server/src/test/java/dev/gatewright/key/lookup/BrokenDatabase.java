package dev.gatewright.key.lookup;

import dev.gatewright.store.Database;
import dev.gatewright.store.StoreFailed;
import java.util.concurrent.CompletableFuture;

/// A store that can be switched off: then every work fails, each form in its own way.
final class BrokenDatabase implements Database {
  private final Database whole;
  volatile boolean broken;

  /// Fail by throwing at once rather than by the future.
  volatile boolean atOnce;

  BrokenDatabase(Database whole) {
    this.whole = whole;
  }

  @Override
  public <T> T read(Work<T> work) {
    check();
    return whole.read(work);
  }

  @Override
  public <T> T write(Work<T> work) {
    check();
    return whole.write(work);
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    if (broken && !atOnce) {
      return CompletableFuture.failedFuture(new StoreFailed("switched off"));
    }
    check();
    return whole.readLater(work);
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    if (broken && !atOnce) {
      return CompletableFuture.failedFuture(new StoreFailed("switched off"));
    }
    check();
    return whole.writeLater(work);
  }

  private void check() {
    if (broken) {
      throw new StoreFailed("switched off");
    }
  }

  @Override
  public Kind kind() {
    return whole.kind();
  }

  @Override
  public void close() {
    whole.close();
  }
}
