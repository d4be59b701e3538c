package dev.gatewright.edge.connection;

import dev.gatewright.edge.head.HeadScanner;
import dev.gatewright.edge.tls.TlsDoor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Looks at the first byte of a connection to a port that speaks TLS: a handshake goes on to TLS,
/// and HTTP hears in its own words that it came to the wrong door. Silence ends it in time.
/// Confined to its loop.
final class FirstBytes extends ChannelInboundHandlerAdapter {
  private final Arrival arrival;
  private final TlsDoor tls;
  private final Future<?> deadline;

  FirstBytes(Arrival arrival, TlsDoor tls) {
    this.arrival = arrival;
    this.tls = tls;
    this.deadline =
        arrival
            .loop()
            .eventLoop()
            .schedule(
                () -> arrival.channel().close(),
                arrival.patience().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf first = (ByteBuf) message;
    if (!first.isReadable()) {
      first.release();
      return;
    }
    deadline.cancel(false);
    if (first.getByte(first.readerIndex()) == HeadScanner.TLS_HANDSHAKE) {
      SslHandler handler = tls.handler(context.alloc(), arrival.patience());
      context.pipeline().addAfter(context.name(), "handshake", new Handshake(arrival));
      context.pipeline().replace(this, "tls", handler);
    } else {
      arrival.clear(context);
    }
    context.fireChannelRead(first);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
