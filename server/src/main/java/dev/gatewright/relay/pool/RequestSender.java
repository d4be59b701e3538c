package dev.gatewright.relay.pool;

import dev.gatewright.relay.RequestWriter;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Sends one request: what is there at once in one flush, a streamed body as it comes, one flush a
/// turn of the loop. Knows when all of it has been taken by the kernel. Confined to its loop.
final class RequestSender {
  /// Bytes of a streamed body that are held while the connection is being made.
  private static final int QUEUED_BYTES_MAX = 64 * 1024;

  /// Whoever streams a body stops where [#isWritable()] says so; one who does not is stopped here.
  static final int UNTAKEN_BYTES_MAX = 2 * 1024 * 1024;

  private final PooledCall call;
  private final Deque<ByteBuf> queue = new ArrayDeque<>(4);
  private final boolean chunked;
  private long remaining;
  private int queuedBytes;
  private @Nullable Channel channel;
  private boolean bodyEnded;
  private boolean sent;
  private boolean flushing;
  private boolean fullSaid;
  private long pendingBefore;

  /// @param head the request's head, with its body when that is small; ownership passes, as does
  ///   that of the request's body
  RequestSender(PooledCall call, UpstreamRequest request, ByteBuf head) {
    this.call = call;
    ByteBuf body = request.body();
    int present = body.readableBytes();
    chunked = request.bodyLength() < 0;
    remaining = request.bodyLength() - present;
    bodyEnded = remaining == 0;
    queue.add(head);
    if (present == 0 || RequestWriter.copiesBody(request)) {
      body.release();
    } else {
      frame(body);
    }
  }

  /// The connection stands: everything held goes out.
  void start(Channel connected) {
    channel = connected;
    for (ByteBuf part = queue.pollFirst(); part != null; part = queue.pollFirst()) {
      connected.write(part, connected.voidPromise());
    }
    connected.flush();
    checkSent();
    if (fullSaid && isWritable()) {
      call.writableAgain();
    }
  }

  /// A part of a streamed body; ownership passes.
  ///
  /// @return false when it is more than was announced
  boolean write(ByteBuf part) {
    int length = part.readableBytes();
    if (bodyEnded || (!chunked && length > remaining) || length == 0) {
      part.release();
      return length == 0;
    }
    remaining -= length;
    frame(part);
    flushSoon();
    return true;
  }

  /// Bytes of another protocol, after the upgrade; ownership passes.
  void pass(ByteBuf part) {
    out(part);
    flushSoon();
  }

  /// @return false when it is less than was announced
  boolean endBody() {
    if (bodyEnded) {
      return true;
    }
    if (!chunked && remaining > 0) {
      return false;
    }
    bodyEnded = true;
    if (chunked) {
      out(RequestWriter.lastChunk(call.allocator()));
    }
    flushSoon();
    return true;
  }

  boolean isWritable() {
    boolean writable = channel == null ? queuedBytes < QUEUED_BYTES_MAX : channel.isWritable();
    fullSaid = !writable;
    return writable;
  }

  /// More was written than anybody who listens to [#isWritable()] writes.
  boolean isOverfull() {
    return (channel == null ? queuedBytes : pending()) > UNTAKEN_BYTES_MAX;
  }

  /// All of the request has been taken by the kernel.
  boolean isSent() {
    return sent;
  }

  /// True when the peer took something since the last time, or there is nothing for it to take: a
  /// body that comes slowly from our own side is not the upstream's delay.
  boolean progressed() {
    long pending = pending();
    boolean progressed = pending == 0 || pending != pendingBefore;
    pendingBefore = pending;
    return progressed;
  }

  /// Lets go of what was not written.
  void release() {
    queue.forEach(ByteBuf::release);
    queue.clear();
  }

  private void frame(ByteBuf part) {
    if (chunked) {
      out(RequestWriter.chunkHead(call.allocator(), part.readableBytes()));
      out(part);
      out(RequestWriter.chunkEnd(call.allocator()));
    } else {
      out(part);
    }
  }

  private void out(ByteBuf part) {
    if (channel == null) {
      queuedBytes += part.readableBytes();
      queue.add(part);
    } else {
      channel.write(part, channel.voidPromise());
    }
  }

  private void flushSoon() {
    if (channel == null || flushing) {
      return;
    }
    flushing = true;
    channel
        .eventLoop()
        .execute(() -> {
          flushing = false;
          if (channel != null && !call.hasEnded()) {
            channel.flush();
            checkSent();
          }
        });
  }

  private void checkSent() {
    if (!bodyEnded || sent || channel == null || call.hasEnded()) {
      return;
    }
    if (pending() == 0) {
      sent();
    } else {
      // Nothing to write, but it stands behind all the rest: its turn comes when that is out.
      channel
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(written -> {
            if (written.isSuccess()) {
              sent();
            }
          });
    }
  }

  private void sent() {
    if (!sent) {
      sent = true;
      call.sent();
    }
  }

  private long pending() {
    ChannelOutboundBuffer out = channel == null ? null : channel.unsafe().outboundBuffer();
    return out == null ? 0 : out.totalPendingWriteBytes();
  }
}
