package dev.gatewright.edge.welcome;

import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.edge.tls.TlsDoor;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares.Taken;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Receives a new connection: counts it, reads the PROXY header where one is due, turns it away
/// when there are too many, of all or of its address, and hands over to [Http1Connection]. One of
/// those too many that comes from this machine is served on probation: its first head must prove
/// that it is the local command line. Shared by all connections.
@ChannelHandler.Sharable
public final class Welcome extends ChannelInboundHandlerAdapter {
  /// So many at a time are told why; beyond that they are just closed.
  private static final int TURNED_AWAY_MAX = 256;

  private static final int PROBATION_MAX = 64;

  private final EdgeCore core;
  private final boolean proxyProtocol;
  private final Function<EventLoop, EdgeLoop> loops;

  public Welcome(EdgeCore core, boolean proxyProtocol, Function<EventLoop, EdgeLoop> loops) {
    this.core = core;
    this.proxyProtocol = proxyProtocol;
    this.loops = loops;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    SocketChannel channel = (SocketChannel) context.channel();
    core.open().incrementAndGet();
    channel.closeFuture().addListener(_ -> core.open().decrementAndGet());
    InetSocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      // Reset before it was accepted.
      channel.close();
      return;
    }
    InetAddress peer = remote.getAddress();
    if (tooMany()) {
      core.turnedAway().increment();
      channel.close();
    } else if (proxyProtocol && believes(peer)) {
      context.pipeline().addBefore(context.name(), "proxy header", new HAProxyMessageDecoder());
      context.pipeline().replace(this, "proxy", new ProxyHeader(this, core, channel, peer));
    } else {
      Holder holder = core.forwarded().trusts(peer) ? Holder.PROXY : Holder.address(peer);
      place(context, channel, peer, holder);
    }
  }

  private boolean tooMany() {
    return core.open().get() > core.limits().connections() + TURNED_AWAY_MAX + PROBATION_MAX;
  }

  /// With proxies named, a PROXY header counts from those only; anybody else speaks plain HTTP.
  private boolean believes(InetAddress peer) {
    return core.forwarded().trusts(peer) || core.forwarded().trustsNobody();
  }

  /// A PROXY header has said who it is.
  void serve(ChannelHandlerContext context, SocketChannel channel, InetAddress peer) {
    place(context, channel, peer, Holder.address(peer));
  }

  private void place(
      ChannelHandlerContext context, SocketChannel channel, InetAddress peer, Holder holder) {
    Taken taken = core.connections().take(holder, 1);
    if (taken == Taken.YES) {
      channel.closeFuture().addListener(_ -> core.connections().give(holder, 1));
      serve(context, channel, peer, holder, null);
      return;
    }
    core.turnedAway().increment();
    if (peer.isLoopbackAddress() && core.probation().incrementAndGet() <= PROBATION_MAX) {
      channel.closeFuture().addListener(_ -> core.probation().decrementAndGet());
      boolean share = taken == Taken.SHARE_FULL;
      serve(
          context,
          channel,
          peer,
          holder,
          share ? Rejection.ADDRESS_CONNECTIONS : Rejection.CONNECTIONS);
    } else {
      if (peer.isLoopbackAddress()) {
        core.probation().decrementAndGet();
      }
      // Whoever speaks TLS could not read the answer.
      TurnedAway.turnAway(context, channel, taken, tooMany() || core.tls() != null);
    }
  }

  /// Replaces the handler of `context` by what serves it.
  ///
  /// @param probation what it hears unless it is the local command line; null = it has its place
  private void serve(
      ChannelHandlerContext context,
      SocketChannel channel,
      InetAddress peer,
      Holder holder,
      @Nullable Rejection probation) {
    Arrival arrival =
        new Arrival(loops.apply(channel.eventLoop()), channel, peer, holder, probation);
    TlsDoor tls = core.tls();
    if (tls == null && !core.h2c()) {
      arrival.http1(context);
    } else {
      context.pipeline().replace(context.handler(), "first bytes", new FirstBytes(arrival, tls));
    }
  }
}
