package dev.gatewright.call;

import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Reads along what an answer says of itself as it passes: what was used, how far it got, how it
/// ended. Never changes, keeps or takes over what it is shown. Confined to the call's event loop.
public interface Tap {
  /// Shows the readable bytes of `part`; its reader index stays.
  void watch(ByteBuf part);

  /// No more comes, the answer being whole or not; once.
  void finish();

  /// The same, of an answer that is whole as its framing has it.
  default void end() {
    finish();
  }

  /// By the best evidence there is now; for good after [#finish()].
  Usage usage();

  /// Output delivered so far, tokens as a rule, for the row's checkpoint: read after every turn of
  /// the loop that brought something, so it costs nothing to ask.
  default long outputSoFar() {
    return 0;
  }

  /// What [#outputSoFar()] counts is bytes.
  default boolean countsBytes() {
    return false;
  }

  /// What the answer has said of its own end so far; for good after [#finish()].
  default Ending ending() {
    return Ending.COMPLETE;
  }

  /// Something of the answer itself has come, or its end: from here on it goes on as an answer, and
  /// what goes wrong goes wrong in the middle of one. Before, it may still turn out to be a failure
  /// told in other words, and the caller can be told by status, or another target be asked.
  default boolean begun() {
    return true;
  }

  /// The model's name as the answer has it; null = it has said none.
  default @Nullable String model() {
    return null;
  }

  /// What was shown so far ends with a whole event or line: words of our own may stand here.
  default boolean between() {
    return false;
  }
}
