package dev.gatewright.edge;

import io.netty.buffer.ByteBuf;

/// Takes a request's body, on the exchange's event loop.
public interface BodyReceiver {
  /// A part of the body; ownership passes to the receiver.
  void data(ByteBuf part);

  /// The body is complete.
  void end();

  /// The body cannot be had: too long (413), malformed framing (400), too slow (408). The receiver
  /// answers in its dialect; the edge closes the connection after that answer. Neither `data` nor
  /// `end` follows.
  void refused(Refusal refusal);
}
