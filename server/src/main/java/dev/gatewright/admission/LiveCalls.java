package dev.gatewright.admission;

import io.netty.util.concurrent.EventExecutor;

/// The calls running right now, by who makes them, so that revoking, disabling or expiry of a key
/// ends them on every replica within a second, and an edit of a key or of a rule of any layer those
/// that are allowed no more. Thread-safe.
public interface LiveCalls {
  /// Registers a running call. `end` runs at most once, on `loop`, as soon as the caller may no
  /// longer make it, also when that came to be between admission and this; never after
  /// [Live#leave()] was called on that loop.
  ///
  /// @param loop the exchange's event loop
  Live enter(Caller caller, EventExecutor loop, Runnable end);

  /// A call's place; to be left exactly when the call has ended, whatever ended it.
  interface Live {
    void leave();
  }
}
