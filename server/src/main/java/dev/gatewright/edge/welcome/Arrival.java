package dev.gatewright.edge.welcome;

import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.connection.WaitWatch;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.edge.http1.Http1Connection;
import dev.gatewright.edge.http2.Http2Session;
import dev.gatewright.share.Holder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection that has its place, before it is known what it speaks. Confined to its loop.
///
/// @param peer the other end, as the PROXY protocol says where that is in use
/// @param holder whose share of what waits unread it is
/// @param probation what it hears unless it is the local command line; null = it has its place
record Arrival(
    EdgeLoop loop,
    SocketChannel channel,
    InetAddress peer,
    Holder holder,
    @Nullable Rejection probation) {

  /// For everything up to the first head.
  Duration patience() {
    return probation == null ? loop.core().limits().headerTimeout() : WaitWatch.PROBATION_MAX;
  }

  /// Replaces the handler of `context` by an HTTP/1.1 connection.
  void http1(ChannelHandlerContext context) {
    serve(context, new Http1Connection(loop, channel, peer, holder, probation));
  }

  /// The same for one that speaks HTTP where TLS is spoken: all it hears is that.
  void clear(ChannelHandlerContext context) {
    serve(context, new Http1Connection(loop, channel, peer, holder, Rejection.CLEAR));
  }

  /// Replaces it by an HTTP/2 connection.
  void http2(ChannelHandlerContext context) {
    Http2Session session = new Http2Session(loop, channel, peer, holder);
    loop.add(session);
    context.pipeline().addAfter(context.name(), "streams", session);
    context.pipeline().replace(context.handler(), "http2", session.codec());
  }

  /// HTTP/2 is not for who is on probation: its first head would not be its last.
  boolean mayHttp2() {
    return probation == null;
  }

  private void serve(ChannelHandlerContext context, Http1Connection connection) {
    loop.add(connection);
    context.pipeline().replace(context.handler(), "http", connection);
  }
}
