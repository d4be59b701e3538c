package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;

/// A provider's answer on its way to the caller, from its head to its end. Confined to the call's
/// event loop.
sealed interface Answer permits WholeAnswer, StreamAnswer, ErrorAnswer {
  /// Takes over the next bytes.
  void data(ByteBuf part);

  /// One read of the provider's socket is complete: what has come leaves.
  void readComplete();

  /// The provider's answer is complete: writes what is left. The exchange is finished by whoever
  /// calls this, once the attempt is closed.
  void end();

  /// The answer cannot go on. Tells the caller as far as that can still be done without a lie: by
  /// status, by an event after a whole one, else by breaking the answer off.
  void broken(Refusal refusal);

  /// Releases what is held; nothing more is written.
  void release();

  /// It is known to be an answer, not a failure told in other words.
  boolean begun();

  /// What it has said of its own end; for good after [#end()], [#broken] or [#release()].
  Ending ending();

  /// Tokens by the best evidence there is now; for good after [#end()], [#broken] or [#release()].
  Usage usage();

  /// Output tokens delivered so far.
  long outputTokens();
}
