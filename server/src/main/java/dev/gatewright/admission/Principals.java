package dev.gatewright.admission;

import java.util.function.Consumer;

/// How those who were let in stand now: what running calls ask when something has changed.
/// Thread-safe.
interface Principals {
  /// False when something about the caller or its rules may have changed since it was admitted.
  /// Cheap; on an event loop.
  boolean current(Caller caller);

  /// Finds how a caller stands: `No` with 401 when it may call no more, with another status when
  /// nobody can say right now. `then` runs at once or on a store thread.
  void look(Caller caller, Consumer<Admitted> then);
}
