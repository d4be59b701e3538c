package dev.gatewright.call;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.HeldBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A body that was held and read. Confined to the exchange's event loop.
public final class WholeBody implements Body {
  private final HeldBody held;
  private final int length;

  /// @param held complete; taken over
  public WholeBody(HeldBody held) {
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
