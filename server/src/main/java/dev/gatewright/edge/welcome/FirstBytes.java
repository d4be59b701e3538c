package dev.gatewright.edge.welcome;

import dev.gatewright.edge.head.HeadScanner;
import dev.gatewright.edge.tls.TlsDoor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Looks at the first bytes of a connection where more than one protocol may come. With TLS: a
/// handshake goes on to TLS, and HTTP hears in its own words that it came to the wrong door.
/// Without: HTTP/2 begins with words of its own, all else is HTTP/1.1. Silence ends it in time.
/// Confined to its loop.
final class FirstBytes extends ChannelInboundHandlerAdapter {
  private final Arrival arrival;
  private final @Nullable TlsDoor tls;
  private final Future<?> deadline;
  private @Nullable ByteBuf come;

  /// @param tls null = HTTP/2 may come in the clear
  FirstBytes(Arrival arrival, @Nullable TlsDoor tls) {
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
    ByteBuf in = (ByteBuf) message;
    ByteBuf held = come;
    ByteBuf first =
        held == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(in.alloc(), held, in);
    come = first;
    if (first.isReadable() && decided(context, first)) {
      come = null;
      deadline.cancel(false);
      context.fireChannelRead(first);
    }
  }

  /// Replaces this handler, unless more must come.
  private boolean decided(ChannelHandlerContext context, ByteBuf first) {
    TlsDoor door = tls;
    if (door == null) {
      return clear(context, first);
    }
    if (first.getByte(first.readerIndex()) == HeadScanner.TLS_HANDSHAKE) {
      SslHandler handler = door.handler(context.alloc(), arrival.patience(), arrival.mayHttp2());
      context.pipeline().addAfter(context.name(), "handshake", new Handshake(arrival));
      context.pipeline().replace(this, "tls", handler);
    } else {
      arrival.clear(context);
    }
    return true;
  }

  private boolean clear(ChannelHandlerContext context, ByteBuf first) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    try {
      int length = Math.min(first.readableBytes(), preface.readableBytes());
      boolean begins =
          ByteBufUtil.equals(first, first.readerIndex(), preface, preface.readerIndex(), length);
      if (!begins || !arrival.mayHttp2()) {
        arrival.http1(context);
      } else if (length == preface.readableBytes()) {
        arrival.http2(context);
      } else {
        return false;
      }
      return true;
    } finally {
      preface.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel(false);
    ByteBuf dropped = come;
    if (dropped != null) {
      come = null;
      dropped.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
