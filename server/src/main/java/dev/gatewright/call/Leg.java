package dev.gatewright.call;

import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// One way a call may go: to whom, with what, and what an answer from there means. Hears what came
/// of it. Used for one try; confined to the call's event loop.
public interface Leg {
  /// When the row's opening must be durable.
  enum Durable {
    /// Before anything is sent: money is reserved with it.
    BEFORE_SENDING,
    /// Before the caller is sent anything (DESIGN §5.1).
    BEFORE_ANSWERING,
    /// It may become so later: nothing is billed.
    WHENEVER
  }

  Upstream upstream();

  /// What its row says of it; null = it leaves none.
  @Nullable Opening opening(int ordinal);

  default Durable durable() {
    return Durable.BEFORE_ANSWERING;
  }

  /// What is sent.
  ///
  /// @param whole the caller's whole body, a reference of which passes; null = it is streamed
  UpstreamRequest request(@Nullable ByteBuf whole);

  /// The answer's head has come: how it goes on to the caller.
  Sink answered(int status, HttpHeaders headers, long bodyLength);

  /// The answer is one, and on its way to the caller.
  default void begun() {}

  /// What came of it; once, when its row is closed.
  void over(Verdict verdict);

  /// What it comes to where it was sent and given up before an answer came.
  default Usage unanswered() {
    return Usage.NOTHING;
  }
}
