package dev.gatewright.store;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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

  /// [#read] for work that may come to nothing.
  default <T> @Nullable T readOrNull(WorkOrNull<T> work) {
    return this.<Optional<T>>read(handle -> Optional.ofNullable(work.with(handle))).orElse(null);
  }

  /// [#write] for work that may come to nothing.
  default <T> @Nullable T writeOrNull(WorkOrNull<T> work) {
    return this.<Optional<T>>write(handle -> Optional.ofNullable(work.with(handle))).orElse(null);
  }

  /// Work on the store that may come to nothing.
  @FunctionalInterface
  interface WorkOrNull<T> {
    @Nullable T with(Handle handle);
  }

  /// @param <T> what it yields
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle);
  }
}
