package dev.gatewright.service;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.HeldBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A body that was held and read; it goes out as it came. Confined to the exchange's event loop.
final class HeldServiceBody implements ServiceBody {
  private final HeldBody held;
  private final int length;

  /// @param held complete; taken over
  HeldServiceBody(HeldBody held) {
    this.held = held;
    this.length = held.bytes().readableBytes();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable ByteBuf whole() {
    return held.bytes().retainedDuplicate();
  }

  @Override
  public void stream(BodyReceiver to) {
    throw new IllegalStateException("a held body is not streamed");
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void release() {
    held.release();
  }
}
