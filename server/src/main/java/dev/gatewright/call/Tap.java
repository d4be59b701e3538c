package dev.gatewright.call;

import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;

/// Reads along what an answer says of itself as it passes: what was used, how far it got, how it
/// ended. Never changes, keeps or takes over what it is shown. Confined to the call's event loop.
public interface Tap {
  /// Shows the readable bytes of `part`; its reader index stays.
  void watch(ByteBuf part);

  /// No more comes, the answer being whole or not; once.
  void finish();

  /// By the best evidence there is now; for good after [#finish()].
  Usage usage();

  /// Output tokens delivered so far, for the row's checkpoint: read after every turn of the loop
  /// that brought something, so it costs nothing to ask.
  default long outputSoFar() {
    return 0;
  }

  /// What the answer has said of its own end so far; for good after [#finish()].
  default Ending ending() {
    return Ending.COMPLETE;
  }

  /// What was shown so far ends with a whole event or line: words of our own may stand here.
  default boolean between() {
    return false;
  }
}
