package dev.gatewright.relay;

import dev.gatewright.http1.HeaderCharacters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes requests by hand: the head, and a small body behind it, in one buffer and so in one
/// system call. Every character is checked on the way: a header that could end early is never sent.
public final class RequestWriter {
  /// Bodies up to this size are copied behind their head; larger ones go out in the buffer they
  /// came in, gathered by the same system call.
  static final int COPIED_BODY_BYTES_MAX = 4 * 1024;

  private static final int HEAD_BYTES_GUESS = 512;
  private static final int CRLF = '\r' << 8 | '\n';
  private static final int COLON_SPACE = ':' << 8 | ' ';
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  private RequestWriter() {}

  /// The head, with a small whole body behind it; null when something in the head may not be sent.
  ///
  /// @param asksUpgrade to a WebSocket
  public static @Nullable ByteBuf head(
      ByteBufAllocator allocator, UpstreamRequest request, byte[] hostLine, boolean asksUpgrade) {
    int body = request.body().readableBytes();
    int copied = copiesBody(request) ? body : 0;
    ByteBuf out = allocator.directBuffer(HEAD_BYTES_GUESS + request.lines().length() + copied);
    boolean clean =
        token(out, request.method())
            && target(out, request.target())
            && lines(out.writeBytes(hostLine), request.headers());
    if (!clean) {
      out.release();
      return null;
    }
    request.lines().write(out);
    if (asksUpgrade) {
      ByteBufUtil.writeAscii(out, UPGRADE);
    }
    framing(out, request);
    if (copied > 0) {
      out.writeBytes(request.body(), request.body().readerIndex(), copied);
    }
    return out;
  }

  /// True when [#head] takes the body along.
  public static boolean copiesBody(UpstreamRequest request) {
    int length = request.body().readableBytes();
    return length <= COPIED_BODY_BYTES_MAX && request.bodyLength() >= 0;
  }

  /// `host: …` as it stands in every head to this origin.
  public static byte[] hostLine(Origin origin) {
    return ("host: " + origin.authority() + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  public static ByteBuf chunkHead(ByteBufAllocator allocator, int length) {
    ByteBuf out = allocator.directBuffer(16);
    ByteBufUtil.writeAscii(out, Integer.toHexString(length));
    return out.writeShort(CRLF);
  }

  public static ByteBuf chunkEnd(ByteBufAllocator allocator) {
    return allocator.directBuffer(2).writeShort(CRLF);
  }

  public static ByteBuf lastChunk(ByteBufAllocator allocator) {
    return allocator.directBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK);
  }

  private static boolean token(ByteBuf out, String method) {
    for (int i = 0; i < method.length(); i++) {
      if (!HeaderCharacters.isToken(method.charAt(i))) {
        return false;
      }
      out.writeByte(method.charAt(i));
    }
    out.writeByte(' ');
    return !method.isEmpty();
  }

  private static boolean target(ByteBuf out, String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
        return false;
      }
    }
    ByteBufUtil.writeAscii(out, target);
    ByteBufUtil.writeAscii(out, VERSION_LINE);
    return target.startsWith("/");
  }

  private static final AsciiString VERSION_LINE = AsciiString.cached(" HTTP/1.1\r\n");

  /// False when something in them may not be sent.
  static boolean lines(ByteBuf out, HttpHeaders headers) {
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      if (ours(header.getKey())) {
        continue;
      }
      if (!checked(out, header.getKey(), true)) {
        return false;
      }
      out.writeShort(COLON_SPACE);
      if (!checked(out, header.getValue(), false)) {
        return false;
      }
      out.writeShort(CRLF);
    }
    return true;
  }

  /// Framing, host and connection are the relay's own to say: a second one would be a way to
  /// smuggle.
  private static boolean ours(CharSequence name) {
    return switch (name.length()) {
      case 4 -> AsciiString.contentEqualsIgnoreCase(name, "host");
      case 7 -> AsciiString.contentEqualsIgnoreCase(name, "upgrade");
      case 10 -> AsciiString.contentEqualsIgnoreCase(name, "connection");
      case 14 -> AsciiString.contentEqualsIgnoreCase(name, "content-length");
      case 17 -> AsciiString.contentEqualsIgnoreCase(name, "transfer-encoding");
      default -> false;
    };
  }

  private static boolean checked(ByteBuf out, CharSequence text, boolean name) {
    boolean clean =
        name ? HeaderCharacters.areToken(text) && !text.isEmpty() : HeaderCharacters.areValue(text);
    if (clean) {
      ByteBufUtil.writeAscii(out, text);
    }
    return clean;
  }

  private static void framing(ByteBuf out, UpstreamRequest request) {
    if (request.bodyLength() < 0) {
      ByteBufUtil.writeAscii(out, CHUNKED);
      return;
    }
    if (request.bodyLength() > 0 || expectsBody(request.method())) {
      ByteBufUtil.writeAscii(out, CONTENT_LENGTH);
      ByteBufUtil.writeAscii(out, Long.toString(request.bodyLength()));
      out.writeShort(CRLF);
    }
    out.writeShort(CRLF);
  }

  private static final AsciiString UPGRADE =
      AsciiString.cached("connection: upgrade\r\nupgrade: websocket\r\n");
  private static final AsciiString CHUNKED =
      AsciiString.cached("transfer-encoding: chunked\r\n\r\n");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length: ");

  /// Methods whose empty body is said aloud (RFC 9110 §8.6).
  private static boolean expectsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
