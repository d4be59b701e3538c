package dev.gatewright.edge.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/// Hears a connection's frames once Netty has checked them, and passes on what is a stream's; the
/// rest is counted. Confined to the connection's loop.
final class Http2Frames implements Http2FrameListener {
  private final Http2Session session;
  private final FrameFlood flood;

  Http2Frames(Http2Session session, FrameFlood flood) {
    this.session = session;
    this.flood = flood;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end) {
    StreamExchange running = session.stream(id);
    if (running == null) {
      session.begin(id, headers, end);
    } else {
      // Trailers: checked, and dropped as those of HTTP/1.1 are.
      running.came(Unpooled.EMPTY_BUFFER, end);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(context, id, headers, padding, end);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    if (data.readableBytes() < FrameFlood.CRUMB_BYTES && !end) {
      flood.frame();
    }
    StreamExchange exchange = session.stream(id);
    int dealtWith = exchange == null ? data.readableBytes() : exchange.came(data, end);
    return dealtWith + padding;
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int id, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int id, long error)
      throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int id, int increment)
      throws Http2Exception {
    flood.frame();
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int id, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    flood.frame();
  }

  /// A server hears none: Netty refuses it.
  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext context, int id, int promised, Http2Headers headers, int padding) {}

  /// What runs is finished; the caller closes.
  @Override
  public void onGoAwayRead(ChannelHandlerContext context, int last, long error, ByteBuf words) {}
}
