package dev.gatewright.edge.welcome;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Waits for the end of one connection's TLS handshake and makes way for the protocol that was
/// chosen in it. A handshake that fails, or takes longer than it may, ends the connection: TLS says
/// so itself. Confined to its loop.
final class Handshake extends ChannelInboundHandlerAdapter {
  private final Arrival arrival;

  Handshake(Arrival arrival) {
    this.arrival = arrival;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
          arrival.http2(context);
        } else {
          arrival.http1(context);
        }
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
