package dev.gatewright.edge.head;

import io.netty.handler.codec.http.HttpHeaderNames;
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
