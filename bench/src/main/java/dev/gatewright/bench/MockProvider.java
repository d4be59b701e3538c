package dev.gatewright.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A provider that costs next to nothing: ready-made answers, no JSON. The usage chunk comes when
/// the request asks for it, as the real one's does.
final class MockProvider implements AutoCloseable {
  private static final ByteBuf HEAD_END = ascii("\r\n\r\n");
  private static final ByteBuf LENGTH = ascii("ontent-");
  private static final ByteBuf STREAM = ascii("\"stream\":true");
  private static final ByteBuf USAGE = ascii("include_usage");
  private static final ByteBuf SMALL = direct(Traffic.smallAnswer());
  private static final ByteBuf[] EVENTS = events();
  private static final ByteBuf USAGE_EVENT = direct(Traffic.usageEvent());
  private static final ByteBuf STREAM_HEAD = direct(Traffic.streamHead());
  private static final ByteBuf END = direct(Traffic.streamEnd());
  private static final ByteBuf LONG = ascii("GET /files/");
  private static final ByteBuf LONG_ALONE = ascii("GET /long ");
  private static final ByteBuf LONG_HEAD = direct(Traffic.longHead());
  private static final ByteBuf LONG_PART = direct(new byte[256 * 1024]);

  private final Channel listener;
  private final long gapMicros;
  private final long thinkMillis;

  /// @param gapMicros between two events of a stream; 0 = at once
  /// @param thinkMillis before an answer; 0 = at once
  MockProvider(EventLoopGroup group, long gapMicros, long thinkMillis) {
    this.gapMicros = gapMicros;
    this.thinkMillis = thinkMillis;
    this.listener =
        Loops.server(group)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Caller());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
  }

  private static ByteBuf[] events() {
    ByteBuf[] events = new ByteBuf[Traffic.EVENTS];
    for (int i = 0; i < events.length; i++) {
      events[i] = direct(Traffic.event(i));
    }
    return events;
  }

  private static ByteBuf direct(byte[] bytes) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  /// One connection; requests come one after the other, never pipelined.
  private final class Caller extends ChannelInboundHandlerAdapter {
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private long longLeft;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf part = (ByteBuf) message;
      if (held.isReadable()) {
        ByteBuf joined = context.alloc().buffer(held.readableBytes() + part.readableBytes());
        joined.writeBytes(held).writeBytes(part);
        held.release();
        part.release();
        held = joined;
      } else {
        held = part;
      }
      if (complete(held)) {
        boolean asksLong =
            ByteBufUtil.indexOf(LONG, held) >= 0 || ByteBufUtil.indexOf(LONG_ALONE, held) >= 0;
        boolean stream = ByteBufUtil.indexOf(STREAM, held) >= 0;
        boolean usage = stream && ByteBufUtil.indexOf(USAGE, held) >= 0;
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        if (asksLong) {
          longLeft = Traffic.LONG_BYTES;
          context.write(LONG_HEAD.duplicate(), context.voidPromise());
          goOn(context);
        } else if (thinkMillis > 0) {
          context
              .executor()
              .schedule(() -> answer(context, stream, usage), thinkMillis, TimeUnit.MILLISECONDS);
        } else {
          answer(context, stream, usage);
        }
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      goOn(context);
    }

    /// As much of a long answer as the connection takes.
    private void goOn(ChannelHandlerContext context) {
      while (longLeft > 0 && context.channel().isWritable()) {
        int part = (int) Math.min(longLeft, LONG_PART.readableBytes());
        longLeft -= part;
        context.writeAndFlush(
            LONG_PART.slice(LONG_PART.readerIndex(), part), context.voidPromise());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      held.release();
      held = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private boolean complete(ByteBuf request) {
      int end = ByteBufUtil.indexOf(HEAD_END, request);
      if (end < 0) {
        return false;
      }
      ByteBuf head = request.slice(request.readerIndex(), end - request.readerIndex());
      int length = length(head);
      return request.writerIndex() >= end + 4 + length;
    }

    /// The value of content-length, in whatever case the proxy writes it.
    private int length(ByteBuf head) {
      for (int at = ByteBufUtil.indexOf(LENGTH, head); at >= 0; ) {
        if ((head.getByte(at + 7) | 0x20) == 'l') {
          int value = 0;
          for (int i = at + 14; i < head.writerIndex() && head.getByte(i) != '\r'; i++) {
            byte digit = head.getByte(i);
            value = digit >= '0' && digit <= '9' ? value * 10 + digit - '0' : value;
          }
          return value;
        }
        int next = at + 7;
        at = ByteBufUtil.indexOf(LENGTH, head.slice(next, head.writerIndex() - next));
        at = at < 0 ? -1 : at + next;
      }
      return 0;
    }

    private void answer(ChannelHandlerContext context, boolean stream, boolean usage) {
      if (!stream) {
        context.writeAndFlush(SMALL.duplicate(), context.voidPromise());
        return;
      }
      context.write(STREAM_HEAD.duplicate(), context.voidPromise());
      event(context, 0, usage);
    }

    private void event(ChannelHandlerContext context, int from, boolean usage) {
      for (int i = from; i < EVENTS.length; i++) {
        context.writeAndFlush(EVENTS[i].duplicate(), context.voidPromise());
        if (gapMicros > 0) {
          int next = i + 1;
          context
              .executor()
              .schedule(() -> event(context, next, usage), gapMicros, TimeUnit.MICROSECONDS);
          return;
        }
      }
      if (usage) {
        context.write(USAGE_EVENT.duplicate(), context.voidPromise());
      }
      context.writeAndFlush(END.duplicate(), context.voidPromise());
    }
  }
}
