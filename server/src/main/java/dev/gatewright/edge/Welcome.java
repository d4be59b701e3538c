package dev.gatewright.edge;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;

/// Receives a new connection: counts it, turns it away when there are too many, reads the PROXY
/// header where one is due, and hands over to [Http1Connection]. Shared by all connections.
@ChannelHandler.Sharable
final class Welcome extends ChannelInboundHandlerAdapter {
  /// So many at a time are told why; beyond that they are just closed.
  private static final int TURNED_AWAY_MAX = 256;

  private final EdgeCore core;
  private final boolean proxyProtocol;
  private final Function<EventLoop, EdgeLoop> loops;

  Welcome(EdgeCore core, boolean proxyProtocol, Function<EventLoop, EdgeLoop> loops) {
    this.core = core;
    this.proxyProtocol = proxyProtocol;
    this.loops = loops;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    SocketChannel channel = (SocketChannel) context.channel();
    int open = core.open().incrementAndGet();
    channel.closeFuture().addListener(_ -> core.open().decrementAndGet());
    InetSocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      // Reset before it was accepted.
      channel.close();
      return;
    }
    InetAddress peer = remote.getAddress();
    if (open > core.limits().connections()) {
      core.turnedAway().increment();
      boolean silently = open > core.limits().connections() + TURNED_AWAY_MAX;
      TurnedAway.turnAway(context, channel, silently);
    } else if (proxyProtocol && believes(peer)) {
      context.pipeline().addBefore(context.name(), "proxy header", new HAProxyMessageDecoder());
      context.pipeline().replace(this, "proxy", new ProxyHeader(this, core, channel, peer));
    } else {
      serve(context, channel, peer);
    }
  }

  /// With proxies named, a PROXY header counts from those only; anybody else speaks plain HTTP.
  private boolean believes(InetAddress peer) {
    return core.forwarded().trusts(peer) || core.forwarded().trustsNobody();
  }

  /// Replaces the handler of `context` by the connection.
  void serve(ChannelHandlerContext context, SocketChannel channel, InetAddress peer) {
    EdgeLoop loop = loops.apply(channel.eventLoop());
    Http1Connection connection = new Http1Connection(loop, channel, peer);
    loop.add(connection);
    context.pipeline().replace(context.handler(), "http", connection);
  }
}
