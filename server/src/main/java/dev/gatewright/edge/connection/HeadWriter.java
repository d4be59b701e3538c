package dev.gatewright.edge.connection;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes answers' heads into bytes that are used again for the next one. No value can break out of
/// its line: control characters become `?`. Confined to one event loop, which has one of these.
public final class HeadWriter {
  private static final int STATUS_MIN = 100;
  private static final int STATUS_MAX = 599;
  private static final byte[] REQUEST_ID = ascii("x-request-id: ");
  private static final byte[] LENGTH = ascii("content-length: ");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("connection: close\r\n");
  private static final byte[] UPGRADE = ascii("connection: upgrade\r\nupgrade: websocket\r\n");
  private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");

  private byte[] bytes = new byte[4 << 10];
  private int length;
  private final DateLine date = new DateLine();
  private final byte[] @Nullable [] statusLines = new byte[STATUS_MAX + 1][];

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public HeadWriter begin(int status, long nowMillis, String requestId) {
    length = 0;
    raw(statusLine(status));
    raw(date.at(nowMillis));
    raw(REQUEST_ID);
    text(requestId);
    return end();
  }

  /// Every header but those the edge itself writes: a second framing header is how answers are
  /// smuggled.
  public HeadWriter headers(HttpHeaders headers) {
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      if (!edgeWrites(name)) {
        text(name);
        raw((byte) ':', (byte) ' ');
        text(header.getValue());
        end();
      }
    }
    return this;
  }

  /// Whole lines, each with its end, known to be clean.
  public HeadWriter lines(byte[] ready) {
    return raw(ready);
  }

  public HeadWriter contentLength(long bodyLength) {
    raw(LENGTH);
    number(bodyLength);
    return end();
  }

  public HeadWriter chunked() {
    return raw(CHUNKED);
  }

  public HeadWriter close() {
    return raw(CLOSE);
  }

  public HeadWriter keepAlive() {
    return raw(KEEP_ALIVE);
  }

  public HeadWriter upgrade() {
    return raw(UPGRADE);
  }

  /// The empty line, and likewise the end of each line.
  public HeadWriter end() {
    return raw((byte) '\r', (byte) '\n');
  }

  /// Names that nobody but the edge writes.
  static boolean edgeWrites(CharSequence name) {
    return switch (name.length()) {
      case 4 -> AsciiString.contentEqualsIgnoreCase(name, "date");
      case 7 -> AsciiString.contentEqualsIgnoreCase(name, "upgrade");
      case 10 ->
          AsciiString.contentEqualsIgnoreCase(name, "connection")
              || AsciiString.contentEqualsIgnoreCase(name, "keep-alive");
      case 12 -> AsciiString.contentEqualsIgnoreCase(name, "x-request-id");
      case 14 -> AsciiString.contentEqualsIgnoreCase(name, "content-length");
      case 17 -> AsciiString.contentEqualsIgnoreCase(name, "transfer-encoding");
      default -> false;
    };
  }

  private void text(CharSequence text) {
    int size = text.length();
    ensure(size);
    byte[] into = bytes;
    int at = length;
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), into, at, size);
      for (int i = at; i < at + size; i++) {
        into[i] = into[i] >= 0 && into[i] < ' ' && into[i] != '\t' ? (byte) '?' : into[i];
      }
    } else {
      for (int i = 0; i < size; i++) {
        char c = text.charAt(i);
        into[at + i] = (byte) (passes(c) ? c : '?');
      }
    }
    length = at + size;
  }

  /// What may stand in a line as it is.
  static boolean passes(char c) {
    return (c >= ' ' || c == '\t') && c != 0x7f && c <= 0xff;
  }

  private void number(long value) {
    text(Long.toString(value));
  }

  private HeadWriter raw(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  private HeadWriter raw(byte one, byte two) {
    ensure(2);
    bytes[length++] = one;
    bytes[length++] = two;
    return this;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  private byte[] statusLine(int status) {
    if (status < STATUS_MIN || status > STATUS_MAX) {
      throw new IllegalArgumentException("status: %d (expected: 100…599)".formatted(status));
    }
    byte[] line = statusLines[status];
    if (line == null) {
      String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
      line = ascii("HTTP/1.1 " + status + " " + reason + "\r\n");
      statusLines[status] = line;
    }
    return line;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
