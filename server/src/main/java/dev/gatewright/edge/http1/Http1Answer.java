package dev.gatewright.edge.http1;

import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.connection.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// One answer's way onto the wire of HTTP/1.x: which framing it has, and whether what was written
/// agrees with what was announced. Confined to the exchange's event loop.
final class Http1Answer {
  private enum Framing {
    /// To HEAD, and with 204 and 304: nothing may follow, what is written is dropped.
    NO_BODY,
    FIXED,
    CHUNKED,
    /// An HTTP/1.0 caller and a length nobody knows.
    UNTIL_CLOSE,
    /// After 101: bytes of another protocol.
    TUNNEL
  }

  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Outbox outbox;
  private final byte[] chunkLine = new byte[10];
  private Framing framing = Framing.FIXED;
  private long remaining;
  private long bodyBytes;

  Http1Answer(Outbox outbox) {
    this.outbox = outbox;
  }

  /// @param close whether the connection ends with this answer
  /// @return whether it does: a body of unknown length to an HTTP/1.0 caller ends it in any case
  boolean head(
      HeadWriter writer,
      RequestShape request,
      int status,
      HttpHeaders headers,
      long bodyLength,
      boolean close) {
    boolean bodiless = status == 204 || status == 304;
    framing = framing(request, bodiless, bodyLength);
    remaining = bodyLength;
    writer.headers(headers);
    if (status == WebSocketHandshake.UPGRADE_REQUIRED && headers.contains("upgrade")) {
      writer.upgrade();
    }
    if (bodyLength >= 0 && !bodiless) {
      writer.contentLength(bodyLength);
    } else if (!bodiless && !request.http10()) {
      writer.chunked();
    }
    boolean closes = close || framing == Framing.UNTIL_CLOSE;
    if (closes) {
      writer.close();
    } else if (request.http10()) {
      writer.keepAlive();
    }
    writer.end();
    outbox.bytes(writer.bytes(), writer.length());
    return closes;
  }

  /// The head of 101; what is written from now on is no body any more.
  void upgrade(HeadWriter writer, HttpHeaders headers) {
    framing = Framing.TUNNEL;
    writer.headers(headers).upgrade().end();
    outbox.bytes(writer.bytes(), writer.length());
  }

  private static Framing framing(RequestShape request, boolean bodiless, long bodyLength) {
    if (bodiless || request.head()) {
      return Framing.NO_BODY;
    }
    if (bodyLength >= 0) {
      return Framing.FIXED;
    }
    return request.http10() ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
  }

  /// Takes ownership of `part`.
  ///
  /// @return false when it is more than was announced; none of it is written then
  boolean write(ByteBuf part) {
    int length = part.readableBytes();
    if (length == 0 || framing == Framing.NO_BODY) {
      part.release();
      return true;
    }
    if (framing == Framing.FIXED && length > remaining) {
      part.release();
      return false;
    }
    bodyBytes += length;
    remaining -= length;
    if (framing == Framing.CHUNKED) {
      outbox.bytes(chunkLine, chunkLine(length));
      outbox.part(part);
      chunkLine[0] = '\r';
      chunkLine[1] = '\n';
      outbox.bytes(chunkLine, 2);
    } else {
      outbox.part(part);
    }
    return true;
  }

  /// @return false when less was written than announced
  boolean end() {
    if (framing == Framing.CHUNKED) {
      outbox.bytes(LAST_CHUNK, LAST_CHUNK.length);
    }
    return framing != Framing.FIXED || remaining == 0;
  }

  /// Only a reset of the connection tells this caller that the answer is cut.
  boolean cutLooksComplete() {
    return framing == Framing.UNTIL_CLOSE || framing == Framing.TUNNEL;
  }

  long bodyBytes() {
    return bodyBytes;
  }

  private int chunkLine(int size) {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
    for (int i = 0; i < digits; i++) {
      chunkLine[i] = HEX[(size >>> (4 * (digits - 1 - i))) & 0xf];
    }
    chunkLine[digits] = '\r';
    chunkLine[digits + 1] = '\n';
    return digits + 2;
  }

  /// What of a request decides the form of its answer.
  record RequestShape(boolean head, boolean http10) {}
}
