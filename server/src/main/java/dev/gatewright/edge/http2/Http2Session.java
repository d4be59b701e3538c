package dev.gatewright.edge.http2;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.connection.EdgeConnection;
import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.connection.StallWatch;
import dev.gatewright.edge.connection.WaitWatch;
import dev.gatewright.edge.connection.WaitWatch.Wait;
import dev.gatewright.edge.head.HeadParser;
import dev.gatewright.edge.head.ParsedHead;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.edge.http1.Http1Connection;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.collection.IntObjectHashMap;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One caller's HTTP/2 connection: heads in, an exchange for each stream, a gentle or a hard end.
/// It stands behind its [Http2Codec], whose frames it hears by [Http2Frames]. Reading never stops:
/// windows hold back what nobody wants yet. Confined to its loop.
public final class Http2Session extends EdgeConnection {
  /// A caller whose streams stall one after the other is no slow reader.
  private static final int STALLS_MAX = 8;

  /// What has crossed our GOAWAY on its way is still served.
  private static final long CROSSING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Within which a caller is to have read our last word: as long as nginx lingers.
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Http2Codec codec;
  private final FrameFlood flood;
  private final StallWatch stall;
  private final WaitWatch waits;
  private final IntObjectHashMap<StreamExchange> streams = new IntObjectHashMap<>();
  private long begun;
  private int stalls;
  private boolean flushWanted;
  private boolean gone;
  private boolean ending;
  private long endingNanos;
  private boolean goneAway;
  private long goneAwayNanos;
  private long unreadCounted;

  public Http2Session(EdgeLoop loop, SocketChannel channel, InetAddress peer, Holder holder) {
    super(loop, channel, peer, holder);
    EdgeCore core = loop.core();
    this.flood = new FrameFlood(core.time()::nanos);
    this.codec = Http2Codec.of(core.limits(), new Http2Frames(this, flood), this::end);
    this.stall = new StallWatch(channel, core.limits().writeStall());
    this.waits = new WaitWatch(core.limits(), false);
    Http2Connection connection = codec.connection();
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamClosed(Http2Stream stream) {
            closed(stream);
          }
        });
    codec.encoder().flowController().listener(this::writabilityChanged);
  }

  public Http2Codec codec() {
    return codec;
  }

  FrameFlood flood() {
    return flood;
  }

  /// Null where there is none, or none any more.
  @Nullable StreamExchange stream(int id) {
    return streams.get(id);
  }

  // ── streams ──

  /// A head is complete.
  ///
  /// @param end there is no body
  public void begin(int id, Http2Headers headers, boolean end) {
    begun++;
    HeadParser parser = loop().parser();
    Rejection rejection =
        parser.parse(
            loop().scratch(),
            orEmpty(headers.method()),
            orEmpty(headers.path()),
            headers.authority(),
            headers,
            !end);
    ParsedHead head = parser.head();
    RequestHead request = requestHead(head);
    Http2Stream stream = codec.connection().stream(id);
    StreamExchange exchange = new StreamExchange(this, stream, request, !end, head.expectsContinue);
    streams.put(id, exchange);
    begin(exchange, rejection);
    if (loop().core().drain().leaving()) {
      goAway();
    }
  }

  private static CharSequence orEmpty(@Nullable CharSequence text) {
    return text == null ? "" : text;
  }

  private void closed(Http2Stream stream) {
    StreamExchange exchange = streams.remove(stream.id());
    if (exchange != null) {
      exchange.closed("caller_left");
    }
  }

  private void writabilityChanged(Http2Stream stream) {
    StreamExchange exchange = streams.get(stream.id());
    if (exchange != null) {
      exchange.writabilityChanged();
    }
  }

  void reset(StreamExchange exchange, Http2Error error) {
    if (!gone && !ending && streams.get(exchange.id()) == exchange) {
      codec.reset(exchange.id(), error);
      flush();
    }
  }

  /// So many bytes of a body have found their receiver: as many may come.
  void consumed(Http2Stream stream, int bytes) {
    if (bytes == 0 || gone || stream.state() == Http2Stream.State.CLOSED) {
      return;
    }
    try {
      if (codec.connection().local().flowController().consumeBytes(stream, bytes)) {
        flush();
      }
    } catch (Http2Exception closedMeanwhile) {
      exceptionCaught(codec.context(), closedMeanwhile);
    }
  }

  void widen(Http2Stream stream, int bytes) {
    try {
      codec.connection().local().flowController().incrementWindowSize(stream, bytes);
      flush();
    } catch (Http2Exception closedMeanwhile) {
      exceptionCaught(codec.context(), closedMeanwhile);
    }
  }

  // ── bytes out ──

  /// Flushes when the read under way is through, or else when this turn of the loop is: what
  /// several streams have to say then leaves as one write.
  void flush() {
    if (!codec.reading() && !flushWanted) {
      flushWanted = true;
      loop().eventLoop().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushWanted = false;
    if (!gone) {
      codec.flush();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    long now = Math.max(0, codec.incompleteBytes() - Http1Connection.UNREAD_BYTES_FREE);
    Shares shares = loop().core().unread();
    if (now <= unreadCounted) {
      shares.give(holder(), unreadCounted - now);
    } else if (shares.take(holder(), now - unreadCounted) != Shares.Taken.YES) {
      end(Http2Error.ENHANCE_YOUR_CALM);
      return;
    }
    unreadCounted = now;
  }

  // ── ends ──

  private void goAway() {
    if (!goneAway) {
      goneAway = true;
      goneAwayNanos = loop().core().time().nanos();
      codec.goAway(Http2Error.NO_ERROR);
      flush();
    }
  }

  /// Says why and closes, our half first; what runs on it is over.
  void end(Http2Error error) {
    if (ending || gone) {
      return;
    }
    ending = true;
    endingNanos = loop().core().time().nanos();
    each(exchange -> exchange.gone("connection_ended"));
    codec.lastWord(error);
    if (channel().pipeline().get("farewell") == null) {
      channel().pipeline().addBefore("http2", "farewell", new Http2Farewell());
    }
    channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutdownOutput());
  }

  @Override
  public void abort(String reason) {
    each(exchange -> exchange.gone(reason));
    channel().config().setOption(ChannelOption.SO_LINGER, 0);
    channel().unsafe().close(channel().unsafe().voidPromise());
  }

  @Override
  public void shutdown() {
    each(exchange -> exchange.gone("shutdown"));
    codec.lastWord(Http2Error.NO_ERROR);
    channel().close();
  }

  @Override
  public void breakRunning() {
    each(exchange -> {
      if (!exchange.ended()) {
        exchange.gone("shutdown");
        reset(exchange, Http2Error.CANCEL);
      }
    });
  }

  @Override
  public void expire() {
    each(StreamExchange::deadline);
  }

  /// The action may close streams.
  private void each(Consumer<StreamExchange> action) {
    if (!streams.isEmpty()) {
      for (StreamExchange exchange : streams.values().toArray(new StreamExchange[0])) {
        action.accept(exchange);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone = true;
    loop().remove(this);
    loop().core().unread().give(holder(), unreadCounted);
    unreadCounted = 0;
    each(exchange -> exchange.closed("caller_left"));
    streams.clear();
  }

  /// TLS says that the caller sends no more: a departure as a FIN is.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      channel().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    channel().close();
  }

  // ── deadlines ──

  @Override
  public void sweep(long nowNanos) {
    if (stall.stalled(nowNanos)) {
      abort("write_stall");
      return;
    }
    if (ending) {
      if (nowNanos - endingNanos > FAREWELL_NANOS) {
        channel().close();
      }
      return;
    }
    each(exchange -> sweep(exchange, nowNanos));
    if (loop().core().drain().leaving()) {
      goAway();
    }
    if (goneAway && streams.isEmpty() && nowNanos - goneAwayNanos > CROSSING_NANOS) {
      channel().close();
    } else if (waits.expired(waitingFor(), begun, nowNanos)) {
      end(Http2Error.NO_ERROR);
    }
  }

  private void sweep(StreamExchange exchange, long nowNanos) {
    if (exchange.sweep(nowNanos)) {
      return;
    }
    exchange.gone("write_stall");
    reset(exchange, Http2Error.CANCEL);
    if (++stalls > STALLS_MAX && !ending) {
      end(Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  private Wait waitingFor() {
    if (!streams.isEmpty()) {
      return Wait.NOTHING;
    }
    if (begun == 0) {
      return Wait.FIRST_BYTE;
    }
    return codec.incompleteBytes() > 0 ? Wait.HEAD : Wait.NEXT_REQUEST;
  }
}
