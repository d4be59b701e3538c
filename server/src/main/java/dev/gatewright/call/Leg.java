package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
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

  /// What the caller is told when the opening cannot be taken.
  ///
  /// @param cause [dev.gatewright.ledger.InsufficientFunds] where a purse has no room for it
  default Refusal untaken(Throwable cause) {
    return Refusal.overloaded("Calls cannot be recorded at the moment.", 1);
  }

  /// What follows where the opening cannot be taken: it counts as never tried.
  ///
  /// @param cause see [#untaken]
  default Step instead(Throwable cause) {
    return new Step.Refuse(untaken(cause));
  }

  /// What is sent.
  ///
  /// @param whole the caller's whole body, a reference of which passes; null = it is streamed
  UpstreamRequest request(@Nullable ByteBuf whole);

  /// The answer's head has come: how it goes on to the caller.
  Sink answered(int status, HttpHeaders headers, long bodyLength);

  /// Whether it goes out of this process: then it carries the trace on.
  default boolean leaves() {
    return true;
  }

  /// It asks for a tunnel: what is [sent][#request] is a WebSocket's handshake.
  default boolean upgrades() {
    return false;
  }

  /// The other side has switched, as was asked.
  ///
  /// @param opener makes the tunnel
  default Sink upgraded(HttpHeaders headers, Opener opener) {
    throw new IllegalStateException("nobody asked for a switch");
  }

  /// Makes a tunnel of both connections.
  @FunctionalInterface
  interface Opener {
    /// @param answer headers of the caller's 101
    /// @param idle after so long without a byte it ends
    Sink open(HttpHeaders answer, Duration idle);
  }

  /// The answer is one, and on its way to the caller.
  default void begun() {}

  /// What came of it; once, when its row is closed.
  void over(Verdict verdict);

  /// What it comes to where it was sent and given up before an answer came.
  default Usage unanswered() {
    return Usage.NOTHING;
  }
}
