package dev.gatewright.edge.http1;

import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.head.HeadParser;
import dev.gatewright.edge.head.HeadScanner;
import dev.gatewright.edge.head.ParsedHead;
import dev.gatewright.edge.head.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/// The inward half of a connection: unread bytes, and what of the current request is still in them.
/// Confined to the connection's event loop.
final class RequestReader {
  /// What of a body nobody asked for may still be read, to keep the connection.
  private static final int SKIPPED_BYTES_MAX = 64 << 10;

  private final Http1Connection connection;
  private final EdgeLoop loop;

  /// A body that brings less than this within the idle limit is too slow.
  private final long progressBytes;

  private final HeadScanner scanner;
  private @Nullable ByteBuf unread;
  private @Nullable BodyDecoder body;
  private long progress;
  private long bodyBytes;
  private boolean tunnel;

  RequestReader(Http1Connection connection, EdgeLoop loop) {
    this.connection = connection;
    this.loop = loop;
    this.progressBytes = loop.core().limits().bodyBytesLeast();
    this.scanner = new HeadScanner(loop.scratch(), loop.scratch().length);
  }

  /// Takes ownership of `in`.
  void take(ByteBuf in) {
    ByteBuf held = unread;
    unread =
        held == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(in.alloc(), held, in);
  }

  /// Nothing has come that was not dealt with.
  boolean rests() {
    return unread == null && body == null && !tunnel;
  }

  /// What has come, for another reader; null when nothing has.
  @Nullable ByteBuf handOver() {
    ByteBuf come = unread;
    unread = null;
    return come;
  }

  int unreadBytes() {
    return unread == null ? 0 : unread.readableBytes();
  }

  /// What the unread bytes keep in memory.
  int unreadCapacity() {
    return unread == null ? 0 : unread.capacity();
  }

  /// There is no room for more of a head that is not complete.
  void noRoom() {
    ParsedHead head = loop.parser().head();
    head.clear();
    reject(Rejection.UNREAD, head);
  }

  /// Does the next thing the unread bytes allow.
  ///
  /// @return false when there is nothing to do until more bytes, or the handler, come
  boolean step() {
    ByteBuf in = unread;
    if (in == null) {
      return false;
    }
    if (tunnel) {
      return tunnelStep(in);
    }
    BodyDecoder decoder = body;
    if (decoder != null) {
      return bodyStep(decoder, in);
    }
    return !connection.busy() && headStep(in);
  }

  private boolean headStep(ByteBuf in) {
    int length = scanner.scan(in);
    if (length == 0) {
      return false;
    }
    progress++;
    HeadParser parser = loop.parser();
    Rejection scanned = scanner.rejection();
    if (scanned != null) {
      parser.head().clear();
      reject(scanned, parser.head());
      return false;
    }
    Rejection parsed = parser.parse(loop.scratch(), length);
    in.skipBytes(length);
    consumed(in);
    ParsedHead head = parser.head();
    if (parsed != null) {
      reject(parsed, head);
      return false;
    }
    bodyBytes = 0;
    body = head.chunked ? new ChunkedRequest() : fixed(head.contentLength);
    connection.start(head, null);
    return true;
  }

  /// What still comes is of another protocol, and goes to the exchange as it is.
  void tunnel() {
    tunnel = true;
  }

  private boolean tunnelStep(ByteBuf in) {
    Http1Exchange exchange = connection.exchange();
    if (exchange == null || !exchange.takesBody()) {
      return false;
    }
    unread = null;
    exchange.deliver(in, false);
    return true;
  }

  private static @Nullable BodyDecoder fixed(long length) {
    return length > 0 ? new FixedBody(length) : null;
  }

  private boolean bodyStep(BodyDecoder decoder, ByteBuf in) {
    Http1Exchange exchange = connection.exchange();
    if (exchange != null && !exchange.takesBody()) {
      return false;
    }
    ByteBuf part = decoder.decode(in);
    consumed(in);
    if (decoder.complete()) {
      body = null;
      progress++;
    }
    if (part != null) {
      bodyBytes += part.readableBytes();
    }
    Rejection broken = decoder.rejection();
    if (exchange == null) {
      skip(part, broken);
    } else if (broken != null) {
      exchange.refuseBody(broken);
    } else {
      exchange.deliver(part, body == null);
    }
    return true;
  }

  private void skip(@Nullable ByteBuf part, @Nullable Rejection broken) {
    if (part != null) {
      part.release();
    }
    if (broken != null) {
      connection.closeGently(false);
    }
  }

  /// Answers what never became a request; nothing behind it on this connection can be trusted.
  void reject(Rejection rejection, ParsedHead head) {
    body = null;
    connection.start(head, rejection);
  }

  /// The head, or the skipped rest of a body, did not come in time.
  void tooSlow() {
    if (body != null) {
      connection.closeGently(false);
      return;
    }
    ParsedHead head = loop.parser().head();
    head.clear();
    reject(Rejection.HEAD_TIMEOUT, head);
  }

  /// True when the current request's body has been read to its end, or there was none.
  boolean bodyComplete() {
    return body == null;
  }

  /// True when what is missing of the body is announced and small: reading it costs less than a new
  /// connection.
  boolean restIsSmall() {
    return body == null || body.remaining() <= SKIPPED_BYTES_MAX;
  }

  /// Changes whenever a wait for this peer has brought something worth its name.
  long progress() {
    return progress + bodyBytes / progressBytes;
  }

  /// Drops everything unread.
  ///
  /// @return how many bytes that was
  int discard() {
    ByteBuf dropped = unread;
    if (dropped == null) {
      return 0;
    }
    unread = null;
    int bytes = dropped.readableBytes();
    dropped.release();
    return bytes;
  }

  private void consumed(ByteBuf in) {
    if (!in.isReadable()) {
      unread = null;
      in.release();
    }
  }
}
