package dev.gatewright.relay.pool;

import dev.gatewright.relay.answer.ResponseCodec;
import dev.gatewright.relay.answer.ResponseSink;
import dev.gatewright.relay.dial.PausableReads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to an upstream: it stands in the pipeline for its whole life and carries one call
/// after another. Anything that comes while no call is under way ends it. Confined to its loop.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements ResponseSink {
  /// After this rest the kernel is asked whether the peer has closed; before, the loop has just
  /// looked.
  private static final long LOOK_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final int TCP_ESTABLISHED = 1;

  private final Channel channel;
  private final PausableReads reads;
  private final LoopPool home;
  private final ResponseCodec codec = new ResponseCodec(this);
  private @Nullable PooledCall call;
  private boolean usedBefore;
  private boolean idle;
  private boolean closing;
  private boolean broken;
  private boolean returning;
  private long idleSinceNanos;

  /// @param channel open, `autoRead` off; its place in the pool's count is held by this connection
  ///   from now on
  UpstreamConnection(Channel channel, LoopPool home) {
    this.channel = channel;
    this.reads = (PausableReads) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    this.home = home;
    channel.pipeline().addLast(this);
    // The close is told here and not by channelInactive, which comes as a task of its own, too late
    // to know in which turn of the loop it happened.
    channel.closeFuture().addListener(_ -> closed());
  }

  Channel channel() {
    return channel;
  }

  boolean usedBefore() {
    return usedBefore;
  }

  /// A byte of the present call's answer has come.
  boolean answerBegan() {
    return codec.began();
  }

  long idleSince() {
    return idleSinceNanos;
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
    idle = true;
    usedBefore = true;
  }

  /// Still open, as far as can be known without writing to it.
  boolean isFit(long now) {
    idle = false;
    if (!channel.isActive() || closing) {
      return false;
    }
    if (now - idleSinceNanos < LOOK_AFTER_NANOS || !(channel instanceof EpollSocketChannel epoll)) {
      return true;
    }
    try {
      EpollTcpInfo info = epoll.tcpInfo();
      return info.state() == TCP_ESTABLISHED;
    } catch (RuntimeException _) {
      return false;
    }
  }

  void carry(PooledCall next, boolean headRequest, boolean asksUpgrade) {
    call = next;
    idle = false;
    codec.expect(headRequest, asksUpgrade);
  }

  /// The call is over, one way or another: nothing of it is told any more.
  void detach() {
    call = null;
  }

  void close() {
    closing = true;
    channel.close();
  }

  /// Closes in good order, behind all that was written; the close is told to the call.
  void closeAfterWrites() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> close());
  }

  /// Its answer is complete: it goes back to the pool once this read of the socket is over and
  /// brought nothing more.
  void returnHome() {
    returning = true;
    reading(true);
  }

  void reading(boolean on) {
    reads.pause(!on, channel);
  }

  /// Breaks it off under a call that was given up, past TLS, whose farewell would wait for what is
  /// still to be written.
  ///
  /// @param sent the request has left completely; where it has not, a close in good order would
  ///   wait behind what the kernel still holds of it, so the connection is reset
  void abandon(boolean sent) {
    closing = true;
    if (!sent && channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    PooledCall current = call;
    if (current == null || !current.mayAnswer()) {
      in.release();
      unexpected(current);
      return;
    }
    current.heard();
    String fault = codec.read(in);
    if (fault != null && call == current) {
      current.malformed(fault);
    }
  }

  /// Bytes that answer nothing: of an earlier answer, or of none.
  private void unexpected(@Nullable PooledCall current) {
    if (current != null) {
      current.surplusBefore();
    } else {
      close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (call != null) {
      call.readComplete();
    } else if (returning) {
      returning = false;
      if (!closing && channel.isActive()) {
        home.give(this);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (call != null && channel.isWritable()) {
      call.writableAgain();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      // The peer's last TLS record: no other call may follow, and an answer that ends with the
      // connection ends here.
      close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof PausableReads.Paused)) {
      broken = true;
      close();
    }
  }

  private void closed() {
    if (idle) {
      home.forget(this);
    }
    PooledCall current = call;
    // A reset is no end of an answer, even of one that ends with its connection.
    if (broken || !codec.closed()) {
      codec.release();
      if (current != null) {
        current.connectionLost();
      }
    }
    home.pool().releasePermit();
  }

  @Override
  public boolean head(int status, HttpHeaders headers, long bodyLength) {
    PooledCall current = call;
    if (current != null) {
      current.head(status, headers, bodyLength);
    }
    return current != null && call == current;
  }

  @Override
  public boolean upgraded(HttpHeaders headers) {
    PooledCall current = call;
    if (current != null) {
      current.upgraded(headers);
    }
    return current != null && call == current;
  }

  @Override
  public boolean data(ByteBuf part) {
    PooledCall current = call;
    if (current == null) {
      part.release();
      return false;
    }
    current.data(part);
    return call == current;
  }

  @Override
  public void complete(boolean reusable) {
    PooledCall current = call;
    if (current != null) {
      current.answered(reusable && !closing && channel.isActive(), this);
    }
  }
}
