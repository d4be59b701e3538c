package dev.gatewright.edge.head;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request's head as one piece of bytes → [ParsedHead], or the reason why not. Confined to one
/// event loop, which has one of these; a result is valid until the next parse.
public final class HeadParser {
  private final RequestLineParser requestLine;
  private final HeaderParser headers = new HeaderParser();
  private final ParsedHead head = new ParsedHead();
  private final boolean keysInPath;

  /// @param keysInPath `/k/<key>/…` is understood
  public HeadParser(TargetCheck targets, boolean keysInPath) {
    requestLine = new RequestLineParser(targets, keysInPath);
    this.keysInPath = keysInPath;
  }

  /// @param length bytes of the head, the empty line included; [HeadScanner] has seen to it that
  ///   every LF follows a CR
  public @Nullable Rejection parse(byte[] bytes, int length) {
    head.clear();
    int lineEnd = 0;
    while (bytes[lineEnd] != '\r') {
      lineEnd++;
    }
    if (bytes[lineEnd + 1] != '\n') {
      return Rejection.BAD_REQUEST_LINE;
    }
    Rejection bad = requestLine.parse(bytes, lineEnd, head);
    if (bad == null) {
      bad = headers.parse(bytes, lineEnd + 2, length - 2, head);
    }
    if (keysInPath) {
      forgetReferer();
    }
    return bad == null ? framing() : bad;
  }

  /// The same for a head that comes in pieces, as in HTTP/2: the same rules, read by the same code.
  ///
  /// @param scratch for one piece at a time; a longer piece is refused
  /// @param authority null where there is none
  /// @param fields in the order they came, without those that begin with `:`
  /// @param bodyFollows what comes next is the body, whether its length was announced or not
  public @Nullable Rejection parse(
      byte[] scratch,
      CharSequence method,
      CharSequence target,
      @Nullable CharSequence authority,
      Iterable<Map.Entry<CharSequence, CharSequence>> fields,
      boolean bodyFollows) {
    head.clear();
    Rejection bad = pieces(scratch, method, target, authority, fields);
    if (keysInPath) {
      forgetReferer();
    }
    if (bad != null) {
      return bad;
    }
    oneCookie();
    head.chunked = bodyFollows && head.contentLength < 0;
    return framing();
  }

  private @Nullable Rejection pieces(
      byte[] scratch,
      CharSequence method,
      CharSequence target,
      @Nullable CharSequence authority,
      Iterable<Map.Entry<CharSequence, CharSequence>> fields) {
    int length = copied(method, scratch, 0);
    Rejection bad = length < 0 ? Rejection.BAD_METHOD : requestLine.method(scratch, length, head);
    if (bad != null) {
      return bad;
    }
    length = copied(target, scratch, 0);
    if (length <= 0) {
      return length < 0 ? Rejection.HEAD_TOO_LARGE : Rejection.TARGET_FORM;
    }
    bad = requestLine.target(scratch, 0, length, head);
    if (bad == null && authority != null) {
      bad = field(scratch, HttpHeaderNames.HOST, authority);
    }
    for (Map.Entry<CharSequence, CharSequence> each : fields) {
      CharSequence name = each.getKey();
      boolean pseudo = !name.isEmpty() && name.charAt(0) == ':';
      if (bad == null && !pseudo && !repeated(name, each.getValue(), authority)) {
        bad = field(scratch, name, each.getValue());
      }
    }
    return bad;
  }

  /// A `host` that says what the authority says already; another one is a second host.
  private static boolean repeated(
      CharSequence name, CharSequence value, @Nullable CharSequence authority) {
    return authority != null
        && AsciiString.contentEquals(name, HttpHeaderNames.HOST)
        && AsciiString.contentEquals(value, authority);
  }

  private @Nullable Rejection field(byte[] scratch, CharSequence name, CharSequence value) {
    int to = copied(name, scratch, 0);
    int end = to < 0 ? -1 : copied(value, scratch, to);
    return end < 0 ? Rejection.HEAD_TOO_LARGE : headers.field(scratch, to, end, head);
  }

  /// @return where it ends, or -1 when there is no room
  private static int copied(CharSequence text, byte[] into, int at) {
    int length = text.length();
    if (length > into.length - at) {
      return -1;
    }
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), into, at, length);
    } else {
      for (int i = 0; i < length; i++) {
        char c = text.charAt(i);
        into[at + i] = (byte) (c > 0xff ? 0 : c);
      }
    }
    return at + length;
  }

  /// HTTP/2 may cut a cookie line in pieces, which whoever speaks HTTP/1.1 expects as one (RFC 9113
  /// §8.2.3).
  private void oneCookie() {
    List<String> pieces = head.headers.getAll(HttpHeaderNames.COOKIE);
    if (pieces.size() > 1) {
      head.headers.set(HttpHeaderNames.COOKIE, String.join("; ", pieces));
    }
  }

  /// Also after a rejection, for the log: what had been understood by then.
  public ParsedHead head() {
    return head;
  }

  /// A page that was fetched with a key in its path says so in all that it fetches.
  private void forgetReferer() {
    String referer = head.headers.get(HttpHeaderNames.REFERER);
    if (referer != null && referer.contains("/k/")) {
      head.headers.remove(HttpHeaderNames.REFERER);
    }
  }

  private @Nullable Rejection framing() {
    if (head.chunked && head.http10) {
      return Rejection.ENCODING_IN_1_0;
    }
    if (head.http10 && head.headers.contains(HttpHeaderNames.UPGRADE)) {
      return Rejection.UPGRADE_IN_1_0;
    }
    if (head.chunked && head.contentLength >= 0) {
      return Rejection.LENGTH_AND_ENCODING;
    }
    return head.host == null ? Rejection.NO_HOST : null;
  }
}
