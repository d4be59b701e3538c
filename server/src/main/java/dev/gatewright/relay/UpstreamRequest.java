package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// What goes to an upstream: a head, and a body that is either whole or streamed through
/// [UpstreamCall#write].
///
/// @param target path and query, origin form
/// @param headers without `host`, framing and hop-by-hop names: the relay adds those
/// @param lines of more headers, ready made
/// @param body the whole body (may be empty); its ownership passes with the call, whatever the
///   outcome
/// @param bodyLength bytes of the body; -1 = streamed through `write`/`endBody`, length unknown
///   (chunked); a length above `body`'s readable bytes announces that the rest is streamed
/// @param fresh demand a new connection: the retry after a reused one turned out stale
public record UpstreamRequest(
    String method,
    String target,
    HttpHeaders headers,
    HeaderLines lines,
    ByteBuf body,
    long bodyLength,
    Timeouts timeouts,
    boolean fresh) {

  public UpstreamRequest(
      String method,
      String target,
      HttpHeaders headers,
      ByteBuf body,
      long bodyLength,
      Timeouts timeouts,
      boolean fresh) {
    this(method, target, headers, HeaderLines.NONE, body, bodyLength, timeouts, fresh);
  }
}
