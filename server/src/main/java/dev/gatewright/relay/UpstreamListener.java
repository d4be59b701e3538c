package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Hears what an upstream call brings, on the caller's event loop. Exactly one of [#end()] and
/// [#failed] comes last; after [UpstreamCall#cancel()] neither comes.
public interface UpstreamListener {
  /// The final status (1xx are swallowed by the relay). Hop-by-hop headers are already removed.
  ///
  /// @param bodyLength announced bytes, 0 = no body, -1 = unknown
  void head(int status, HttpHeaders headers, long bodyLength);

  /// The upstream has switched protocols, after [Upstream#upgrade] only: all that comes from now on
  /// is passed on by [#data] as it is, until [#end()] tells that the upstream has closed.
  ///
  /// @param headers of the 101, hop-by-hop names removed
  default void upgraded(HttpHeaders headers) {}

  /// A part of the body, still without content decoding; ownership passes to the listener.
  void data(ByteBuf part);

  /// All that one read of the socket brought has been delivered: the moment to flush.
  void readComplete();

  void end();

  void failed(UpstreamFailure failure);

  /// More of a streamed request body may be written, after [UpstreamCall#isWritable()] was false.
  default void writable() {}
}
