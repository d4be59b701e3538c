package dev.gatewright.edge.welcome;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.share.Shares.Taken;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A connection too many: told so, whatever it asks, and closed within a second.
@ChannelHandler.Sharable
final class TurnedAway extends ChannelInboundHandlerAdapter {
  private static final long FAREWELL_MILLIS = 1000;
  private static final TurnedAway HANDLER = new TurnedAway();
  private static final byte[] ALL = answer("503 Service Unavailable", Rejection.CONNECTIONS);
  private static final byte[] SHARE =
      answer("429 Too Many Requests", Rejection.ADDRESS_CONNECTIONS);

  private TurnedAway() {}

  /// @param taken why it cannot be served
  /// @param silently without an answer, when even those waiting for theirs are many
  static void turnAway(
      ChannelHandlerContext context, SocketChannel channel, Taken taken, boolean silently) {
    if (silently) {
      channel.close();
      return;
    }
    context.pipeline().replace(context.handler(), "turned away", HANDLER);
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(taken == Taken.SHARE_FULL ? SHARE : ALL))
        .addListener(_ -> {
          channel.shutdownOutput();
          channel
              .eventLoop()
              .schedule(() -> channel.close(), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private static byte[] answer(String status, Rejection rejection) {
    Refusal refusal = rejection.refusal();
    byte[] body = EdgeReply.plain(refusal, "-");
    String head =
        """
        HTTP/1.1 %s\r
        content-type: application/json\r
        retry-after: %d\r
        content-length: %d\r
        connection: close\r
        \r
        """
            .formatted(status, refusal.retryAfterSeconds(), body.length);
    return (head + new String(body, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
  }
}
