package dev.gatewright.edge.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Drops what still comes on a connection that was told GOAWAY: closed at once, with unread bytes
/// around, the kernel would send a reset that may overtake that word. Confined to its loop.
final class Http2Farewell extends ChannelInboundHandlerAdapter {
  private static final int BYTES_MAX = 4 << 20;

  private int dropped;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf part = (ByteBuf) message;
    dropped += part.readableBytes();
    part.release();
    if (dropped > BYTES_MAX) {
      context.close();
    }
  }
}
