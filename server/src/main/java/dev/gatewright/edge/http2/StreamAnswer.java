package dev.gatewright.edge.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// One answer's way into the frames of an HTTP/2 stream, and whether what was written agrees with
/// what was announced. Head and last part are kept back until it is known whether anything follows:
/// a short answer is two frames, and the end needs none of its own. Confined to the exchange's
/// event loop.
final class StreamAnswer {
  private final Http2Codec codec;
  private final FrameFlood flood;
  private final int stream;
  private final boolean toHead;
  private final Runnable whenLeft;
  private @Nullable Http2Headers head;
  private @Nullable ByteBuf last;

  /// Nothing may follow the head; what is written is dropped.
  private boolean noBody;

  /// Bytes still to come; negative = nobody knows.
  private long remaining = -1;

  private long bodyBytes;

  /// Writes the stream has taken, for who looks whether it takes any.
  private long taken;

  /// @param toHead the request was HEAD
  /// @param whenLeft runs when the stream has taken the answer's end
  StreamAnswer(Http2Codec codec, FrameFlood flood, int stream, boolean toHead, Runnable whenLeft) {
    this.codec = codec;
    this.flood = flood;
    this.stream = stream;
    this.toHead = toHead;
    this.whenLeft = whenLeft;
  }

  static boolean bodiless(int status) {
    return status == 204 || status == 304;
  }

  void head(Http2Headers made, int status, long bodyLength) {
    head = made;
    noBody = toHead || bodiless(status);
    remaining = bodyLength;
  }

  /// Takes ownership of `part`.
  ///
  /// @return false when it is more than was announced; none of it is written then
  boolean write(ByteBuf part) {
    int length = part.readableBytes();
    if (length == 0 || noBody) {
      part.release();
      return true;
    }
    if (remaining >= 0) {
      if (length > remaining) {
        part.release();
        return false;
      }
      remaining -= length;
    }
    bodyBytes += length;
    flood.moved(length);
    pass();
    last = part;
    return true;
  }

  /// Hands everything to the stream without flushing it.
  void pass() {
    head(false);
    ByteBuf part = last;
    if (part != null) {
      last = null;
      data(part, false);
    }
  }

  /// @return false when less was written than announced
  boolean end() {
    if (!noBody && remaining > 0) {
      return false;
    }
    if (head != null && last == null) {
      head(true);
      return true;
    }
    head(false);
    ByteBuf part = last;
    last = null;
    data(part == null ? Unpooled.EMPTY_BUFFER : part, true);
    return true;
  }

  private void head(boolean end) {
    Http2Headers made = head;
    if (made == null) {
      return;
    }
    head = null;
    codec.encoder().writeHeaders(codec.context(), stream, made, 0, end, promise(end));
  }

  private void data(ByteBuf part, boolean end) {
    codec.encoder().writeData(codec.context(), stream, part, 0, end, promise(end));
  }

  private ChannelPromise promise(boolean end) {
    ChannelPromise promise = codec.context().newPromise();
    promise.addListener(_ -> {
      taken++;
      if (end) {
        whenLeft.run();
      }
    });
    return promise;
  }

  long taken() {
    return taken;
  }

  long bodyBytes() {
    return bodyBytes;
  }

  /// Drops what has not been passed on.
  void release() {
    head = null;
    ByteBuf dropped = last;
    if (dropped != null) {
      last = null;
      dropped.release();
    }
  }
}
