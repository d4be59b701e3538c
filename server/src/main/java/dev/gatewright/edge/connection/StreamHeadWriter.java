package dev.gatewright.edge.connection;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/// Makes heads of answers for HTTP/2 by the rules of [HeadWriter]: what the edge writes nobody else
/// does, and control characters become `?`. Confined to one event loop, which has one of these.
public final class StreamHeadWriter {
  private static final AsciiString DATE = AsciiString.cached("date");
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  private static final AsciiString LENGTH = AsciiString.cached("content-length");
  private static final int DATE_NAME_BYTES = "date: ".length();
  private static final int HEADERS_EXPECTED = 16;

  private final DateLine date = new DateLine();

  /// @param lines whole lines, each with its end, known to be clean
  /// @param bodyLength -1 = none is announced
  public Http2Headers head(
      int status,
      long nowMillis,
      String requestId,
      byte[] lines,
      HttpHeaders headers,
      long bodyLength) {
    Http2Headers head = new DefaultHttp2Headers(false, HEADERS_EXPECTED);
    head.status(HttpResponseStatus.valueOf(status).codeAsText());
    byte[] line = date.at(nowMillis);
    head.add(
        DATE, new AsciiString(line, DATE_NAME_BYTES, line.length - DATE_NAME_BYTES - 2, false));
    head.add(REQUEST_ID, requestId);
    lines(lines, head);
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      if (!HeadWriter.edgeWrites(name)) {
        head.add(AsciiString.of(clean(name)).toLowerCase(), clean(header.getValue()));
      }
    }
    if (bodyLength >= 0) {
      head.add(LENGTH, Long.toString(bodyLength));
    }
    return head;
  }

  private static void lines(byte[] lines, Http2Headers head) {
    if (lines.length == 0) {
      return;
    }
    for (String line : new String(lines, StandardCharsets.ISO_8859_1).split("\r\n")) {
      int colon = line.indexOf(": ");
      head.add(line.substring(0, colon), line.substring(colon + 2));
    }
  }

  private static CharSequence clean(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!HeadWriter.passes(text.charAt(i))) {
        return cleaned(text);
      }
    }
    return text;
  }

  private static CharSequence cleaned(CharSequence text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      clean.append(HeadWriter.passes(c) ? c : '?');
    }
    return clean;
  }
}
