package dev.gatewright.edge.welcome;

import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.net.IpLiteral;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Waits for the PROXY header of one connection, takes the caller's address from it and makes way
/// for HTTP. A connection without a valid header in time is closed.
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private final Welcome welcome;
  private final InetAddress peer;
  private final Future<?> deadline;

  ProxyHeader(Welcome welcome, EdgeCore core, SocketChannel channel, InetAddress peer) {
    this.welcome = welcome;
    this.peer = peer;
    this.deadline =
        channel
            .eventLoop()
            .schedule(
                () -> channel.close(),
                core.limits().headerTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof HAProxyMessage header)) {
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    InetAddress source = source(header);
    header.release();
    deadline.cancel(false);
    welcome.serve(context, (SocketChannel) context.channel(), source == null ? peer : source);
  }

  /// Null for a health check by the proxy itself (`LOCAL`) and where it does not know (`UNKNOWN`).
  private static @Nullable InetAddress source(HAProxyMessage header) {
    String text = header.sourceAddress();
    boolean local = header.command() == HAProxyCommand.LOCAL;
    return local || text == null ? null : IpLiteral.parse(text);
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
