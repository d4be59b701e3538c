package dev.gatewright.call.once;

import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/// A call's name is its own until it ends; then it is remembered or forgotten, once. Confined to
/// the call's event loop.
public final class Turn {
  private final OnceCalls calls;
  private final OnceName name;
  private final String requestId;
  private final String model;
  private final long startedMillis;
  private final EventExecutor loop;
  private boolean over;

  Turn(
      OnceCalls calls,
      OnceName name,
      String requestId,
      String model,
      long startedMillis,
      EventExecutor loop) {
    this.calls = calls;
    this.name = name;
    this.requestId = requestId;
    this.model = model;
    this.startedMillis = startedMillis;
    this.loop = loop;
  }

  /// The call is over. It is remembered where its row says that it was answered whole, which is
  /// where it costs what a whole answer costs; what was refused, failed, was cut or given up may be
  /// asked for again under the same name.
  ///
  /// @param last of its last attempt; null = it had none
  public void ended(@Nullable Outcome last) {
    if (last == null || last.end() != End.COMPLETED || last.status() >= 400) {
      forget();
    } else if (!over) {
      over = true;
      String receipt = Receipt.of(requestId, model, startedMillis, last).json();
      calls.settle(
          loop,
          handle -> {
            OnceStore.done(handle, name, requestId, receipt);
            return true;
          });
    }
  }

  /// It came to nothing.
  public void forget() {
    if (!over) {
      over = true;
      calls.forget(loop, name, requestId);
    }
  }
}
