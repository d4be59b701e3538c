package dev.gatewright.edge;

import dev.gatewright.telemetry.trace.Trace;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;

/// One request and its answer, whatever the protocol below: HTTP/1.1 or a stream of HTTP/2.
///
/// Confined to [#eventLoop()]: every method is called there, every callback arrives there. An
/// exchange ends by exactly one of [#finish()], [#reply] or [#reset(String)], or because the caller
/// left; the channel is never closed by anybody else. After the end every method is a no-op that
/// releases what it was given.
public interface Exchange {
  /// How an exchange ended.
  enum Ended {
    /// By a complete answer.
    FINISHED,
    /// Its answer was abandoned.
    RESET,
    /// The caller left, or stalled longer than the write-stall limit, or the process ends. A FIN of
    /// the write half alone is a departure too.
    GONE
  }

  EventLoop eventLoop();

  RequestHead request();

  /// What the access log will say of this exchange. Handlers fill in what they know.
  AccessEntry access();

  /// The trace it belongs to; the same one whenever it is asked.
  default Trace trace() {
    return Trace.NONE;
  }

  /// Starts delivery of the request's body; called at most once. Until then the body is not read
  /// from the socket, so a handler accepts the key first.
  ///
  /// @param bytesMax longer bodies are refused with 413 (at once when the announced length says so)
  void receive(BodyReceiver receiver, long bytesMax);

  /// Stops and restarts delivery of the body, or of what comes through a tunnel, for receivers that
  /// pass it on more slowly than it comes.
  void pauseBody();

  void resumeBody();

  /// Sends the answer's head now or with the first flush. The edge adds `date`, `x-request-id`,
  /// framing and `connection`; headers must hold neither of these nor hop-by-hop names, but a 426
  /// of our own its `upgrade`.
  ///
  /// @param bodyLength bytes that will follow, or -1 when unknown
  void head(int status, HttpHeaders headers, long bodyLength);

  /// Queues a part of the answer's body; ownership of `part` passes to the edge. Nothing leaves
  /// before [#flush()].
  void write(ByteBuf part);

  void flush();

  /// Ends a complete answer and flushes. The body's announced length must have been written, else
  /// this is a reset.
  void finish();

  /// A whole answer in one go: head, body, end. Ownership of `body` passes to the edge.
  void reply(int status, HttpHeaders headers, ByteBuf body);

  /// Answers 101 and makes a tunnel of the connection: what the caller sends from now on arrives at
  /// `receiver` as it comes, in the same turn, what is written leaves as it is, and [#finish()]
  /// closes the connection once all of it has left. `receiver` hears neither an end nor a refusal:
  /// a caller who closes is gone, as [#onEnded] tells. Only for a request without a body whose
  /// handshake [WebSocketHandshake] has accepted; not together with [#receive] or [#head].
  ///
  /// @param headers without `connection` and `upgrade`, which the edge adds
  void upgrade(HttpHeaders headers, BodyReceiver receiver);

  /// Abandons the answer so that the caller sees it broken (no terminal chunk; connection reset),
  /// never a clean end.
  ///
  /// @param reason for the access log
  void reset(String reason);

  /// After this answer the connection is closed; an HTTP/2 stream has siblings, and does nothing.
  void closeAfter();

  /// False while what was written and not yet taken by the caller's socket is above the high-water
  /// mark.
  boolean isWritable();

  /// `callback` runs each time [#isWritable()] changes; one callback, the last one set.
  void onWritability(Runnable callback);

  /// `callback` runs exactly once, when this exchange has ended, whatever ended it, a bug in a
  /// handler included: here, and only here, what was taken for it is given back. One callback, the
  /// last one set; runs at once if the exchange has ended.
  void onEnded(Consumer<Ended> callback);

  /// `callback` may add to the headers of the answer, whoever gives it, a refusal as well, before
  /// they are written. One callback, the last one set.
  default void onHead(Consumer<HttpHeaders> callback) {}

  /// `callback` runs once if the process is told to stop and this exchange has not ended when the
  /// grace for running ones is over: the handler then ends it with its dialect's error. What still
  /// runs a moment later is reset. One callback, the last one set; runs at once if that moment has
  /// passed.
  default void onDeadline(Runnable callback) {}

  /// True once [#head] or [#reply] was called: an error can no longer be told by status.
  boolean headSent();

  /// As it was sent, or as the log shows it where the caller left before; 0 = none yet.
  default int status() {
    return 0;
  }

  /// True once ended, by whatever means.
  boolean ended();
}
