package dev.gatewright.store;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/// The one way to SQL, the same text for SQLite and PostgreSQL. Thread-safe.
///
/// The blocking forms are for virtual and platform threads; an event loop uses the `…Later` forms
/// only, and gets the result on a store thread, from where it must hop back itself.
public interface Database extends AutoCloseable {
  /// Reads in a consistent snapshot. Blocks.
  <T> T read(Work<T> work);

  /// One transaction: all of `work` becomes durable, or none and this throws. Blocks until durable.
  /// On SQLite several callers share one commit; `work` may then run on another thread, and must
  /// touch nothing but its handle. On PostgreSQL it runs again, up to twice, when it ran into a
  /// deadlock.
  <T> T write(Work<T> work);

  <T> CompletableFuture<T> readLater(Work<T> work);

  <T> CompletableFuture<T> writeLater(Work<T> work);

  Kind kind();

  /// The same store by the connections of this lane; by those of the portal where nobody asks.
  default Database on(Lane lane) {
    return this;
  }

  /// How busy each lane is.
  default Map<Lane, LaneUse> use() {
    return Map.of();
  }

  @Override
  void close();

  enum Kind {
    SQLITE,
    POSTGRES
  }

  /// @param <T> what it yields
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle);
  }
}
