package dev.gatewright.edge.http1;

import dev.gatewright.edge.head.Rejection;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A body of announced length.
final class FixedBody implements BodyDecoder {
  private long remaining;

  FixedBody(long length) {
    remaining = length;
  }

  @Override
  public @Nullable ByteBuf decode(ByteBuf in) {
    int take = (int) Math.min(remaining, in.readableBytes());
    remaining -= take;
    return take == 0 ? null : in.readRetainedSlice(take);
  }

  @Override
  public boolean complete() {
    return remaining == 0;
  }

  @Override
  public @Nullable Rejection rejection() {
    return null;
  }

  @Override
  public long remaining() {
    return remaining;
  }
}
