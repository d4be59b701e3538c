package dev.gatewright.edge.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Waits for the end of one connection's TLS handshake and makes way for HTTP. A handshake that
/// fails, or takes longer than it may, ends the connection: TLS says so itself. Confined to its
/// loop.
final class Handshake extends ChannelInboundHandlerAdapter {
  private final Arrival arrival;

  Handshake(Arrival arrival) {
    this.arrival = arrival;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        arrival.http1(context);
      } else {
        arrival.loop().core().handshakesFailed().increment();
        context.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
