package dev.gatewright.relay.dial;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Opens connections: the name is resolved once, every address it has is checked, and the checked
/// address itself is dialled, so that a name cannot change its mind in between. TLS still verifies
/// the name. Thread-safe.
public final class Dialer implements AutoCloseable {
  private final Function<Transport, NameResolver> resolverOf;
  private final Supplier<SslContext> tls;
  private final Map<Transport, NameResolver> resolvers = new EnumMap<>(Transport.class);

  /// @param tls built at the first `https` dial, once
  public Dialer(Function<Transport, NameResolver> resolverOf, Supplier<SslContext> tls) {
    this.resolverOf = resolverOf;
    this.tls = tls;
  }

  /// Starts to dial on `loop`; `outcome` hears of it there, possibly before this returns.
  public Dial dial(
      EventLoop loop, Origin origin, DialRules rules, int timeoutMillis, Dial.Outcome outcome) {
    Dial dial = new Dial(this, loop, origin, rules, timeoutMillis, outcome);
    dial.start();
    return dial;
  }

  NameResolver resolver(EventLoop loop) {
    Transport transport = transportOf(loop);
    synchronized (resolvers) {
      return resolvers.computeIfAbsent(transport, resolverOf);
    }
  }

  SslHandler tlsHandler(Channel channel, Origin origin) {
    SslHandler handler = tls.get().newHandler(channel.alloc(), origin.host(), origin.port());
    // The call's own connect deadline closes the channel.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /// Connects without resolving anything any more.
  ChannelFuture connect(EventLoop loop, InetAddress address, int port, int timeoutMillis) {
    return new Bootstrap()
        .group(loop)
        .channel(transportOf(loop).clientChannel())
        .disableResolver()
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new PausableReads())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                // The connection adds its handler once it stands; until then nothing is read.
                channel.config().setAutoRead(false);
              }
            })
        .connect(new InetSocketAddress(address, port));
  }

  private static Transport transportOf(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class)
        ? Transport.EPOLL
        : Transport.NIO;
  }

  @Override
  public void close() {
    synchronized (resolvers) {
      List.copyOf(resolvers.values()).forEach(NameResolver::close);
      resolvers.clear();
    }
  }
}
