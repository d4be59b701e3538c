package dev.gatewright.testbed.hostile;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Streams of HTTP/2 without TLS, on one connection as long as the gate lets it live.
final class Http2Attack implements Attack {
  private static final int ANSWER_SECONDS = 30;

  /// A connection that ends under a stream (GOAWAY, too many resets) is the gate's right; the next
  /// one has to be answered.
  private static final int TRIES = 5;

  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("http2-attack", true), NioIoHandler.newFactory());

  private final int port;
  private final Map<Who, String> keys;
  private @Nullable Channel connection;

  Http2Attack(int port, Map<Who, String> keys) {
    this.port = port;
    this.keys = keys;
  }

  @Override
  public Seen run(Case attack, byte[] body) throws IOException, InterruptedException {
    for (int i = 1; ; i++) {
      Channel shared = connection();
      Hearer hearer = new Hearer();
      Http2StreamChannel stream = open(shared, hearer);
      if (stream != null) {
        stream.write(new DefaultHttp2HeadersFrame(head(attack, body.length)));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        Seen seen = hearer.await();
        stream.close();
        if (seen.status() != 0 || lives(shared)) {
          return seen;
        }
      }
      if (i == TRIES) {
        return new Seen(0, 0, "no connection lived");
      }
    }
  }

  @Override
  public Seen hold(Case attack, byte[] body, AtomicBoolean going)
      throws IOException, InterruptedException {
    Hearer hearer = new Hearer();
    Http2StreamChannel stream = open(connection(), hearer);
    if (stream == null) {
      return new Seen(0, 0, "");
    }
    int sent = attack.kind() == Kind.UNFINISHED ? body.length / 2 : 0;
    stream.write(new DefaultHttp2HeadersFrame(head(attack, body.length)));
    stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body, 0, sent), false));
    while (going.get() && stream.isActive() && !hearer.seen.isDone()) {
      Thread.sleep(TRICKLE_MILLIS);
      if (attack.kind() == Kind.TRICKLED && sent < body.length - 1) {
        stream.writeAndFlush(
            new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body, sent++, 1), false));
      }
    }
    Seen seen = hearer.seen.getNow(new Seen(0, 0, ""));
    stream.close();
    return seen;
  }

  /// Open, and not told GOAWAY: its later streams end unanswered while the connection still
  /// lingers.
  private static boolean lives(Channel shared) {
    return shared.isActive()
        && !shared.pipeline().get(Http2FrameCodec.class).connection().goAwayReceived();
  }

  private synchronized Channel connection() throws InterruptedException {
    Channel now = connection;
    if (now == null || !lives(now)) {
      now =
          new Bootstrap()
              .group(LOOPS)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel
                          .pipeline()
                          .addLast(
                              Http2FrameCodecBuilder.forClient().build(),
                              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                  })
              .connect("127.0.0.1", port)
              .sync()
              .channel();
      connection = now;
    }
    return now;
  }

  /// Null when the connection goes down just then, or says it takes no more.
  private synchronized @Nullable Http2StreamChannel open(Channel shared, Hearer hearer)
      throws InterruptedException {
    var opening = new Http2StreamChannelBootstrap(shared).handler(hearer).open().await();
    if (opening.isSuccess()) {
      return opening.getNow();
    }
    if (shared.equals(connection)) {
      connection = null;
    }
    return null;
  }

  private Http2Headers head(Case attack, int length) {
    Http2Headers head =
        new DefaultHttp2Headers()
            .method(attack.operation().method())
            .path(attack.operation().path())
            .scheme("http")
            .authority("localhost")
            .add("content-type", "application/json")
            .add("content-length", Integer.toString(length));
    String key = keys.get(attack.who());
    return key == null
        ? head.add("x-provider-auth", "Bearer x")
        : head.add("authorization", "Bearer " + key);
  }

  /// Of one stream; what it hears is done with its end.
  private static final class Hearer extends ChannelInboundHandlerAdapter {
    final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private final StringBuilder start = new StringBuilder();
    private int status;
    private long bytes;

    Seen await() throws InterruptedException, IOException {
      try {
        return seen.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException late) {
        throw new IOException("no answer within " + ANSWER_SECONDS + " s", late);
      } catch (ExecutionException failed) {
        throw new IOException(failed);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        boolean end = false;
        if (message instanceof Http2HeadersFrame head) {
          if (head.headers().status() != null) {
            status = Integer.parseInt(head.headers().status().toString());
          }
          end = head.isEndStream() && status >= 200;
        } else if (message instanceof Http2DataFrame data) {
          bytes += data.content().readableBytes();
          if (start.length() < KEPT_BYTES_MAX) {
            start.append(data.content().toString(StandardCharsets.UTF_8));
          }
          int taken = data.initialFlowControlledBytes();
          if (taken > 0 && !data.isEndStream()) {
            ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(taken).stream(data.stream()));
          }
          end = data.isEndStream();
        }
        if (end) {
          done();
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    /// Reset, or its connection has ended.
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      done();
    }

    private void done() {
      String said = start.substring(0, Math.min(start.length(), KEPT_BYTES_MAX));
      seen.complete(new Seen(status, bytes, said));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
