package dev.gatewright.ledger.log;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the event loops that openings are durable, or that they cannot be: one task per loop and
/// commit, not one per attempt.
final class DurableCallbacks {
  private static final Logger LOG = LoggerFactory.getLogger(DurableCallbacks.class);

  private DurableCallbacks() {}

  static void tell(List<LoggedAttempt> attempts, @Nullable Throwable cause) {
    tellEach(attempts, _ -> cause);
  }

  /// @param cause why each could not be taken; null where it could
  static void tellEach(
      List<LoggedAttempt> attempts, Function<LoggedAttempt, @Nullable Throwable> cause) {
    if (attempts.size() == 1) {
      LoggedAttempt only = attempts.getFirst();
      tell(only.executor, List.of(only), cause);
      return;
    }
    IdentityHashMap<EventExecutor, List<LoggedAttempt>> byLoop = new IdentityHashMap<>();
    for (LoggedAttempt attempt : attempts) {
      byLoop.computeIfAbsent(attempt.executor, _ -> new ArrayList<>()).add(attempt);
    }
    byLoop.forEach((loop, theirs) -> tell(loop, theirs, cause));
  }

  private static void tell(
      EventExecutor loop,
      List<LoggedAttempt> attempts,
      Function<LoggedAttempt, @Nullable Throwable> cause) {
    try {
      loop.execute(() -> {
        for (LoggedAttempt attempt : attempts) {
          call(attempt, cause.apply(attempt));
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("{} attempts belong to a loop that has ended", attempts.size(), e);
    }
  }

  private static void call(LoggedAttempt attempt, @Nullable Throwable cause) {
    try {
      attempt.whenDurable.accept(cause);
    } catch (RuntimeException e) {
      LOG.error("attempt {}: its callback failed", attempt.id(), e);
    }
  }
}
