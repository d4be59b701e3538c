package dev.gatewright.ledger;

import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one home of the durability rule (DESIGN §5.1): every attempt is opened and closed here.
/// Thread-safe.
public interface Attempts {
  /// False when new calls must get 503: the store is gone or full, or this instance has lost its
  /// lease.
  boolean accepting();

  /// Records an opening. Never blocks. `whenDurable` runs once on `executor`: with null when the
  /// record is durable, with the cause when it cannot be taken (then the attempt counts as never
  /// opened, and the call must be abandoned before a byte reaches the caller).
  Attempt open(Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable);

  /// The same where nobody waits yet: durable within some milliseconds, together with more others,
  /// or soon after [#awaited]. An opening need not be durable before there is an answer to hold
  /// back.
  default Attempt openAtEase(
      Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
    return open(opening, executor, whenDurable);
  }

  /// An answer has come and is held back for this attempt's opening: makes it durable soon. Never
  /// blocks, and costs nothing where it is durable already.
  default void awaited(Attempt attempt) {}

  /// Records the end of an attempt, exactly once: a second close is ignored. Never blocks. A close
  /// that cannot be written at once is kept and written when the store is back; a crash before that
  /// makes it `interrupted`.
  void close(Attempt attempt, Outcome outcome);
}
