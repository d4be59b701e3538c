package dev.gatewright.relay.answer;

import dev.gatewright.http1.HeaderCharacters;
import dev.gatewright.relay.HopByHop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// The head of one answer, read strictly (RFC 9112) from its bytes in one pass. Names and values
/// are views on those bytes, so a header costs no copy. Reject, don't repair: bare LF, obs-fold,
/// space before a colon and control characters are faults, as is every doubt about framing.
final class ResponseHead {
  /// Lines a head may have; a page of headers is already suspicious.
  static final int LINES_MAX = 256;

  private static final int UNKNOWN = -1;
  private static final int DIGITS_MAX = 18;

  private final byte[] bytes;
  private final HttpHeaders headers =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
  private int at;
  private int status;
  private boolean http11;
  private boolean close;
  private boolean chunked;
  private long length = UNKNOWN;
  private @Nullable String fault;
  private @Nullable String connectionNames;
  private @Nullable String upgrade;

  private ResponseHead(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param bytes all lines of the head, the empty one included; owned by the result
  static ResponseHead parse(byte[] bytes) {
    ResponseHead head = new ResponseHead(bytes);
    head.statusLine();
    int lines = 0;
    while (head.fault == null && bytes[head.at] != '\r') {
      if (++lines > LINES_MAX) {
        head.fault = "the answer has more than %d header lines".formatted(LINES_MAX);
      } else {
        head.line();
      }
    }
    if (head.fault == null && head.at != bytes.length - 2) {
      head.fault = "a header line of the answer begins with CR";
    }
    if (head.fault == null) {
      head.settle();
    }
    return head;
  }

  /// Why this is not an answer, or null; where it is not null, nothing else means anything.
  @Nullable String fault() {
    return fault;
  }

  int status() {
    return status;
  }

  /// Without framing and hop-by-hop names.
  HttpHeaders headers() {
    return headers;
  }

  boolean chunked() {
    return chunked;
  }

  /// What content-length says, -1 where there is none.
  long length() {
    return length;
  }

  boolean keepAlive() {
    return http11 && !close;
  }

  /// A 101 that switches to WebSocket and to nothing else, and has no doubtful framing (RFC 6455
  /// §4.1).
  boolean switchesToWebSocket() {
    return status == 101
        && "websocket".equalsIgnoreCase(upgrade)
        && "upgrade".equalsIgnoreCase(connectionNames)
        && !chunked
        && length == UNKNOWN;
  }

  private void statusLine() {
    boolean wellFormed =
        bytes.length >= 14
            && (bytes[7] == '1' || bytes[7] == '0')
            && bytes[8] == ' '
            && digit(9)
            && digit(10)
            && digit(11)
            && (bytes[12] == ' ' || bytes[12] == '\r');
    if (!wellFormed) {
      fault = "the answer does not begin with an HTTP/1.1 status line";
      return;
    }
    http11 = bytes[7] == '1';
    status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    if (status < 100 || status > 599) {
      fault = "the answer's status is %d (expected: 100…599)".formatted(status);
    }
    at = 12;
    endOfLine();
  }

  private boolean digit(int index) {
    return bytes[index] >= '0' && bytes[index] <= '9';
  }

  private void line() {
    int nameStart = at;
    while (HeaderCharacters.isToken(bytes[at])) {
      at++;
    }
    int nameEnd = at;
    if (nameEnd == nameStart || bytes[at] != ':') {
      fault = "a header line of the answer has no well-formed name";
      return;
    }
    at++;
    while (bytes[at] == ' ' || bytes[at] == '\t') {
      at++;
    }
    int valueStart = at;
    int valueEnd = endOfLine();
    while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
      valueEnd--;
    }
    if (fault == null) {
      header(
          new AsciiString(bytes, nameStart, nameEnd - nameStart, false),
          new AsciiString(bytes, valueStart, Math.max(0, valueEnd - valueStart), false));
    }
  }

  /// Moves behind the line's CRLF and says where the CR is. The bytes end with CRLF CRLF, so the
  /// walk always stops.
  private int endOfLine() {
    while (HeaderCharacters.isValue(bytes[at])) {
      at++;
    }
    int end = at;
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      fault = "a header line of the answer holds a control character";
    }
    at += 2;
    return end;
  }

  private void header(AsciiString name, AsciiString value) {
    switch (name.length()) {
      case 7 -> {
        if (!name.contentEqualsIgnoreCase("upgrade")) {
          addUnlessHop(name, value);
        } else {
          // Two of them are as good as one that means nothing.
          upgrade = upgrade == null ? value.toString() : "";
        }
      }
      case 2, 16, 18, 19, 25 -> addUnlessHop(name, value);
      case 10 -> {
        if (name.contentEqualsIgnoreCase("connection")) {
          connection(value);
        } else {
          addUnlessHop(name, value);
        }
      }
      case 14 -> {
        if (name.contentEqualsIgnoreCase("content-length")) {
          contentLength(value);
        } else {
          headers.add(name, value);
        }
      }
      case 17 -> {
        if (name.contentEqualsIgnoreCase("transfer-encoding")) {
          transferEncoding(value);
        } else {
          headers.add(name, value);
        }
      }
      default -> headers.add(name, value);
    }
  }

  private void addUnlessHop(AsciiString name, AsciiString value) {
    if (!HopByHop.contains(name)) {
      headers.add(name, value);
    }
  }

  private void connection(AsciiString value) {
    if (value.contentEqualsIgnoreCase("keep-alive")) {
      return;
    }
    if (value.contentEqualsIgnoreCase("close")) {
      close = true;
      return;
    }
    String names = value.toString();
    connectionNames = connectionNames == null ? names : connectionNames + "," + names;
  }

  private void contentLength(AsciiString value) {
    boolean wellFormed = length == UNKNOWN && !value.isEmpty() && value.length() <= DIGITS_MAX;
    long number = 0;
    for (int i = 0; wellFormed && i < value.length(); i++) {
      byte c = value.byteAt(i);
      wellFormed = c >= '0' && c <= '9';
      number = number * 10 + c - '0';
    }
    if (wellFormed) {
      length = number;
    } else {
      fault = "the answer's content-length is repeated or not a number";
    }
  }

  private void transferEncoding(AsciiString value) {
    if (chunked || !http11 || !value.contentEqualsIgnoreCase("chunked")) {
      fault = "the answer's transfer-encoding is not one chunked";
    }
    chunked = true;
  }

  private void settle() {
    if (chunked && length != UNKNOWN) {
      fault = "the answer has both content-length and transfer-encoding";
    }
    if (connectionNames != null) {
      close |= HopByHop.strip(headers, connectionNames);
    }
  }
}
