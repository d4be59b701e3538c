package dev.gatewright.edge.http1;

import dev.gatewright.edge.head.Rejection;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes one request's body out of a connection's bytes. Confined to the connection's event loop.
interface BodyDecoder {
  /// Consumes what belongs to the body from `in` and nothing beyond its end.
  ///
  /// @return a part of the body, owned by whoever asked; null when these bytes held none
  @Nullable ByteBuf decode(ByteBuf in);

  /// The body's last byte has been consumed.
  boolean complete();

  /// Set once the framing is broken; nothing can be read from the connection after that.
  @Nullable Rejection rejection();

  /// Bytes still to come where that is known, else [Long#MAX_VALUE].
  long remaining();
}
