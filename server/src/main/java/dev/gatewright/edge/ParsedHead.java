package dev.gatewright.edge;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// What the parsers have found in a request's head so far. Confined to one event loop and one
/// parse; [#clear()] makes it ready for the next.
final class ParsedHead {
  String method = "";
  String path = "";
  @Nullable String query;
  boolean http10;

  HttpHeaders headers = EdgeReply.newHeaders();
  int headerLines;
  @Nullable String host;

  /// Announced bytes; -1 = no Content-Length.
  long contentLength = -1;

  boolean chunked;
  boolean connectionClose;
  boolean connectionKeepAlive;
  boolean expectsContinue;
  @Nullable String edgeSecret;
  @Nullable StringBuilder forwardedFor;
  @Nullable String forwardedProto;
  @Nullable String forwardedHost;

  void clear() {
    method = "";
    path = "";
    query = null;
    http10 = false;
    headers = EdgeReply.newHeaders();
    headerLines = 0;
    host = null;
    contentLength = -1;
    chunked = false;
    connectionClose = false;
    connectionKeepAlive = false;
    expectsContinue = false;
    edgeSecret = null;
    forwardedFor = null;
    forwardedProto = null;
    forwardedHost = null;
  }

  /// As [RequestHead#bodyLength()].
  long bodyLength() {
    return chunked ? -1 : Math.max(contentLength, 0);
  }

  boolean keepAlive() {
    return !connectionClose && (!http10 || connectionKeepAlive);
  }
}
