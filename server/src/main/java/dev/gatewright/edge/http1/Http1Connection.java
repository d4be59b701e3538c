package dev.gatewright.edge.http1;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.connection.EdgeConnection;
import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.connection.StallWatch;
import dev.gatewright.edge.connection.WaitWatch;
import dev.gatewright.edge.connection.WaitWatch.Wait;
import dev.gatewright.edge.head.ParsedHead;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// One caller's connection: bytes in, one exchange at a time, bytes out, a gentle or a hard end.
///
/// A request is decoded only when the answer before it has ended and most of it has left. Reading
/// goes on meanwhile, so that a departure is seen, until the limit of unread bytes is reached. Half
/// closure is not allowed on the channel, so a FIN, even of the peer's write half alone, arrives as
/// [#channelInactive].
public final class Http1Connection extends EdgeConnection {
  /// After an early refusal a body is read on and dropped, or its sender would see a reset in place
  /// of the answer: by time ([WaitWatch]), and up to the longest body, but so much in any case.
  private static final long FAREWELL_BYTES_LEAST = 64 << 20;

  /// What may wait unread on each connection beside the common budget: most heads are shorter.
  public static final int UNREAD_BYTES_FREE = 4 << 10;

  private final EdgeLoop loop;
  private final SocketChannel channel;
  private final Holder holder;
  private final Outbox outbox;
  private final RequestReader reader;
  private final StallWatch stall;
  private final WaitWatch waits;
  private @Nullable Http1Exchange exchange;
  private boolean served;
  private @Nullable Rejection probation;
  private boolean turning;
  private boolean reading;
  private boolean readingPaused;
  private boolean flushWanted;
  private boolean closing;
  private boolean saidFarewell;
  private long farewellBytes;
  private long unreadCounted;

  /// The loop's round in which this last asked whether to move.
  private int movesRound;

  /// On its way to another loop: what comes is kept for whom it is there.
  private boolean moving;

  /// @param peer the other end, as the PROXY protocol says where that is in use
  /// @param holder whose share of what waits unread it is
  /// @param probation what its requests hear unless they are the local command line's; null = it is
  ///   served
  public Http1Connection(
      EdgeLoop loop,
      SocketChannel channel,
      InetAddress peer,
      Holder holder,
      @Nullable Rejection probation) {
    super(loop, channel, peer, holder);
    this.loop = loop;
    this.channel = channel;
    this.holder = holder;
    this.probation = probation;
    this.outbox = new Outbox(channel);
    this.reader = new RequestReader(this, loop);
    this.stall = new StallWatch(channel, loop.core().limits().writeStall());
    this.waits = new WaitWatch(loop.core().limits(), probation != null);
  }

  Outbox outbox() {
    return outbox;
  }

  @Nullable Http1Exchange exchange() {
    return exchange;
  }

  /// True while no further request may start.
  boolean busy() {
    return exchange != null || closing || !channel.isWritable();
  }

  // ── bytes in ──

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    reading = true;
    reader.take((ByteBuf) message);
    turn();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    if (flushWanted) {
      flushWanted = false;
      outbox.flush();
    }
  }

  /// Goes on as far as bytes and handlers allow. Called again whenever one of them has changed.
  void turn() {
    if (turning || moving) {
      return;
    }
    turning = true;
    try {
      boolean more = true;
      while (more && !closing) {
        more = reader.step();
      }
    } finally {
      turning = false;
    }
    if (closing) {
      discard();
    }
    boolean room = countUnread();
    if (!room && exchange == null && !closing && reader.bodyComplete()) {
      reader.noRoom();
      room = countUnread();
    }
    boolean pause = !room || reader.unreadBytes() > loop.core().limits().headerBytes();
    if (pause != readingPaused) {
      readingPaused = pause;
      channel.config().setAutoRead(!pause);
    }
  }

  /// @return false when more waits here unread than there is room for
  private boolean countUnread() {
    Shares shares = loop.core().unread();
    long now = Math.max(0, reader.unreadCapacity() - UNREAD_BYTES_FREE);
    if (now > unreadCounted) {
      if (shares.take(holder, now - unreadCounted) != Shares.Taken.YES) {
        return false;
      }
    } else {
      shares.give(holder, unreadCounted - now);
    }
    unreadCounted = now;
    return true;
  }

  private void discard() {
    farewellBytes += reader.discard();
    if (farewellBytes > Math.max(FAREWELL_BYTES_LEAST, loop.core().limits().bodyBytes())) {
      channel.close();
    }
  }

  /// A head is complete.
  ///
  /// @param rejection why no handler may see it
  void start(ParsedHead head, @Nullable Rejection rejection) {
    RequestHead request = requestHead(head);
    var shape = new Http1Answer.RequestShape(request.method().equals("HEAD"), head.http10);
    Http1Exchange started =
        new Http1Exchange(this, request, shape, head.keepAlive(), head.expectsContinue);
    exchange = started;
    served = true;
    if (rejection == null && probation != null && !pardoned(probation, request)) {
      begin(started, probation);
    } else {
      probation = rejection == null ? null : probation;
      begin(started, rejection);
    }
  }

  /// The local command line is served whatever goes on, but not past TLS.
  private boolean pardoned(Rejection probation, RequestHead request) {
    return probation != Rejection.CLEAR && loop.core().dispatch().exempt(request);
  }

  RequestReader reader() {
    return reader;
  }

  /// No further request comes on this connection: the rest belongs to the current exchange.
  void tunnel() {
    reader.tunnel();
    turn();
  }

  // ── bytes out ──

  /// Flushes now, or when the read under way is through: answers to pipelined requests share one
  /// write.
  public void flush() {
    if (reading) {
      flushWanted = true;
    } else {
      outbox.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http1Exchange current = exchange;
    if (current != null) {
      current.writabilityChanged();
    }
    turn();
  }

  // ── ends ──

  /// The current exchange has ended with a complete answer.
  public void ended(boolean keep, boolean callerCloses) {
    exchange = null;
    if (keep && reader.restIsSmall()) {
      flush();
      turn();
      considerMove();
    } else {
      closeGently(callerCloses && reader.bodyComplete() && reader.unreadBytes() == 0);
    }
  }

  private void considerMove() {
    // TLS holds on to the loop it began on.
    if (movesRound != loop.round() && exchange == null && tls() == null) {
      movesRound = loop.round();
      EventLoop to = loop.destination();
      if (to != null) {
        loop.eventLoop().execute(() -> move(to));
      }
    }
  }

  /// Goes on on another loop, as a new connection object with the same caller: nothing of this one
  /// is under way, nothing unread, nothing unsent, so nobody else holds on to it.
  private void move(EventLoop to) {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    boolean rests = exchange == null && !closing && !reading && !readingPaused;
    boolean empty = reader.rests() && outbox.isEmpty() && out != null && out.isEmpty();
    if (!rests || !empty || probation != null || !channel.isActive() || to.isShuttingDown()) {
      return;
    }
    moving = true;
    loop.remove(this);
    channel
        .deregister()
        .addListener(_ -> to.register(channel).addListener(done -> arrived(to, done.isSuccess())));
  }

  /// Runs on the new loop, where that worked.
  private void arrived(EventLoop to, boolean registered) {
    if (!registered || !channel.isActive()) {
      channel.close();
      return;
    }
    EdgeLoop there = loop.other(to);
    Http1Connection same = new Http1Connection(there, channel, peer(), holder, null);
    same.served = true;
    there.add(same);
    channel.pipeline().replace(this, "http", same);
    ByteBuf come = reader.handOver();
    if (come != null) {
      same.reader.take(come);
      same.turn();
    }
  }

  /// Closes so that the caller can read what was sent: closing with unread bytes around makes the
  /// kernel send a reset, which may overtake the answer. So our half first, then what still comes
  /// is dropped, for a while.
  ///
  /// @param clean nothing more can come
  void closeGently(boolean clean) {
    if (closing) {
      return;
    }
    closing = true;
    outbox
        .flushAll()
        .addListener(flushed -> {
          if (clean || !flushed.isSuccess()) {
            channel.close();
          } else {
            saidFarewell = true;
            shutdownOutput();
          }
        });
    turn();
  }

  /// The current exchange ends with a broken answer.
  ///
  /// @param hard with a reset, because a FIN would look like the answer's proper end
  void cut(boolean hard) {
    exchange = null;
    closing = true;
    outbox.release();
    if (hard) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // Past TLS, whose own word of the end would make the answer whole.
      channel.unsafe().close(channel.unsafe().voidPromise());
    } else {
      channel.close();
    }
  }

  @Override
  public void abort(String reason) {
    Http1Exchange current = exchange;
    cut(true);
    if (current != null) {
      current.gone(reason);
    }
  }

  @Override
  public void shutdown() {
    if (exchange == null) {
      channel.close();
    } else {
      abort("shutdown");
    }
  }

  @Override
  public void breakRunning() {
    if (exchange != null) {
      abort("shutdown");
    }
  }

  @Override
  public void expire() {
    Http1Exchange current = exchange;
    if (current != null) {
      current.deadline();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    closing = true;
    reader.discard();
    countUnread();
    outbox.release();
    Http1Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.gone("caller_left");
    }
  }

  /// TLS says that the caller sends no more: a departure as a FIN is.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      channel.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A reset by the peer, or a write that failed because of one; channelInactive follows.
    channel.close();
  }

  // ── deadlines ──

  @Override
  public void sweep(long nowNanos) {
    if (stall.stalled(nowNanos)) {
      abort("write_stall");
      return;
    }
    Wait wait = waitingFor();
    if (!waits.expired(wait, closing ? farewellBytes : reader.progress(), nowNanos)) {
      return;
    }
    Http1Exchange current = exchange;
    switch (wait) {
      case FIRST_BYTE, NEXT_REQUEST, FAREWELL -> channel.close();
      case HEAD -> reader.tooSlow();
      case BODY -> {
        if (current == null) {
          reader.tooSlow();
        } else {
          current.refuseBody(Rejection.BODY_TIMEOUT);
        }
      }
      case NOTHING -> {}
    }
  }

  private Wait waitingFor() {
    Http1Exchange current = exchange;
    if (closing) {
      return saidFarewell ? Wait.FAREWELL : Wait.NOTHING;
    }
    if (current != null) {
      return !reader.bodyComplete() && current.takesBody() ? Wait.BODY : Wait.NOTHING;
    }
    if (!reader.bodyComplete()) {
      return Wait.BODY;
    }
    if (reader.unreadBytes() > 0) {
      return channel.isWritable() ? Wait.HEAD : Wait.NOTHING;
    }
    return served ? Wait.NEXT_REQUEST : Wait.FIRST_BYTE;
  }
}
