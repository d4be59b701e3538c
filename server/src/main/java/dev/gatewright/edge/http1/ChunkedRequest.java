package dev.gatewright.edge.http1;

import dev.gatewright.edge.head.Rejection;
import dev.gatewright.http1.ChunkFault;
import dev.gatewright.http1.ChunkedBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A request's body in the chunked coding. What one read brought comes out as one part.
final class ChunkedRequest implements BodyDecoder {
  private final ChunkedBody chunks = new ChunkedBody();

  @Override
  public @Nullable ByteBuf decode(ByteBuf in) {
    ByteBuf part = in.retainedSlice();
    in.skipBytes(in.readableBytes() - chunks.squeeze(part));
    if (part.isReadable() && chunks.fault() == null) {
      return part;
    }
    part.release();
    return null;
  }

  @Override
  public boolean complete() {
    return chunks.complete();
  }

  @Override
  public @Nullable Rejection rejection() {
    ChunkFault fault = chunks.fault();
    return switch (fault) {
      case null -> null;
      case SIZE -> Rejection.CHUNK_SIZE;
      case END -> Rejection.CHUNK_END;
      case LINE_FEED -> Rejection.BARE_LF;
      case EXTENSION -> Rejection.CHUNK_EXTENSION;
      case TRAILER -> Rejection.TRAILER;
      case TRAILERS_TOO_LONG -> Rejection.TRAILERS_TOO_LARGE;
    };
  }

  @Override
  public long remaining() {
    return complete() ? 0 : Long.MAX_VALUE;
  }
}
