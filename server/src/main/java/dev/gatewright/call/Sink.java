package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.UpstreamCall;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// How one answer reaches the caller. Confined to the call's event loop.
public interface Sink {
  /// Takes over the next bytes.
  void data(ByteBuf part);

  /// One read of the other side's socket is complete: what may leave leaves.
  void readComplete();

  /// The answer is complete as its framing has it: writes what is left, or turns out
  /// [unfit][#unfit()]. The exchange is finished by whoever calls this, once the row is closed.
  void end();

  /// What the caller is to be told instead of this answer; null = it is good, or the caller has
  /// seen some of it. Asked after each of the above.
  default @Nullable Refusal unfit() {
    return null;
  }

  /// The caller has seen some of it, and it cannot go on: ends the exchange so that the caller
  /// knows, by last words between two events where there is a place for them.
  void breakOff(Refusal why);

  /// Its last words may have to wait: [#breakOff] ends the exchange, but perhaps not yet, and it is
  /// read on until then.
  default boolean lingers() {
    return false;
  }

  /// Both sides have said all there is: a caller who leaves now misses nothing.
  default boolean settled() {
    return false;
  }

  /// Lets go of the other side.
  default void leave(UpstreamCall upstream) {
    upstream.cancel();
  }

  /// Nothing more is written, what is held is let go. Further calls do nothing.
  void release();

  /// What the answer tells; for good after [#end()] or [#release()].
  Tap tap();
}
