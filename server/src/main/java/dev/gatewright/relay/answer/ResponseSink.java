package dev.gatewright.relay.answer;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Takes what [ResponseCodec] reads. `head` and `data` answer false to stop the reading: the call
/// they were for has gone.
public interface ResponseSink {
  boolean head(int status, HttpHeaders headers, long bodyLength);

  /// The answer switches protocols, as was asked; `data` then brings raw bytes.
  boolean upgraded(HttpHeaders headers);

  /// Ownership passes to the sink.
  boolean data(ByteBuf part);

  /// @param reusable the connection may carry another call
  void complete(boolean reusable);
}
