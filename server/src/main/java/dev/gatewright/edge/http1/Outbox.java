package dev.gatewright.edge.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one connection. Heads, chunk framing and small parts are copied into
/// one buffer, so that an answer, or an event of a stream, is one write to the socket; large parts
/// pass by reference. Confined to the connection's event loop.
final class Outbox {
  private static final int COPY_MAX = 4 << 10;
  private static final int STAGED_MAX = 8 << 10;
  private static final int FIRST_BYTES = 512;

  private final Channel channel;
  private @Nullable ByteBuf staged;

  Outbox(Channel channel) {
    this.channel = channel;
  }

  /// Copies bytes in.
  void bytes(byte[] bytes, int length) {
    staged(length).writeBytes(bytes, 0, length);
  }

  /// Takes ownership of `part`. Always writes something when `part` does: the channel then counts
  /// large parts toward its water marks.
  void part(ByteBuf part) {
    int length = part.readableBytes();
    if (length <= COPY_MAX) {
      staged(length).writeBytes(part);
      part.release();
    } else {
      pass();
      channel.write(part, channel.voidPromise());
    }
  }

  /// Hands everything to the channel without flushing it.
  void pass() {
    ByteBuf ready = staged;
    if (ready != null) {
      staged = null;
      channel.write(ready, channel.voidPromise());
    }
  }

  void flush() {
    pass();
    channel.flush();
  }

  /// Flushes; the future is done when the socket has taken everything.
  ChannelFuture flushAll() {
    pass();
    return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  boolean isEmpty() {
    return staged == null;
  }

  /// Drops what has not been passed on.
  void release() {
    ByteBuf dropped = staged;
    if (dropped != null) {
      staged = null;
      dropped.release();
    }
  }

  private ByteBuf staged(int more) {
    ByteBuf buffer = staged;
    if (buffer != null && buffer.readableBytes() + more > STAGED_MAX) {
      pass();
      buffer = null;
    }
    if (buffer == null) {
      buffer = channel.alloc().buffer(Math.max(FIRST_BYTES, more));
      staged = buffer;
    }
    return buffer;
  }
}
