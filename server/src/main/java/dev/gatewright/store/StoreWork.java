package dev.gatewright.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// One unit of work on its way through a store thread: what to run, and who waits for it.
final class StoreWork<T> {
  /// A blocked caller gives up after this; a store that slow is as good as gone.
  static final int WAIT_SECONDS = 30;

  final CompletableFuture<T> future = new CompletableFuture<>();
  private final Database.Work<T> work;
  private @Nullable T result;

  StoreWork(Database.Work<T> work) {
    this.work = work;
  }

  /// Runs it and keeps the result back until [#committed()].
  void run(Handle handle) {
    result = work.run(handle);
  }

  @SuppressWarnings("NullAway") // T may be a nullable type; NullAway cannot say so here.
  void committed() {
    future.complete(result);
  }

  void failed(Throwable thrown) {
    future.completeExceptionally(StoreFailures.told(thrown));
  }

  /// Waits for a result and throws what went wrong as it was thrown.
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (TimeoutException e) {
      throw new StoreFailed("no answer from the store within %d s".formatted(WAIT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("interrupted while waiting for the store", e);
    }
  }

  static RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      // A fresh one, so that the trace shows who waited.
      case StoreFailed failed -> new StoreFailed(String.valueOf(failed.getMessage()), failed);
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      case null, default -> new CompletionException(cause);
    };
  }
}
