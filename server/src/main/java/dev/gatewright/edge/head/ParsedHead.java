package dev.gatewright.edge.head;

import dev.gatewright.edge.EdgeReply;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// What the parsers have found in a request's head so far. Confined to one event loop and one
/// parse; [#clear()] makes it ready for the next.
public final class ParsedHead {
  public String method = "";
  public String path = "";
  public @Nullable String query;
  public boolean http10;

  public HttpHeaders headers = EdgeReply.newHeaders();
  int headerLines;
  public @Nullable String host;

  /// Announced bytes; -1 = no Content-Length.
  public long contentLength = -1;

  public boolean chunked;
  boolean connectionClose;
  boolean connectionKeepAlive;
  public boolean expectsContinue;
  public @Nullable String edgeSecret;
  public @Nullable StringBuilder forwardedFor;
  public @Nullable String forwardedProto;
  public @Nullable String forwardedHost;

  public void clear() {
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
  public long bodyLength() {
    return chunked ? -1 : Math.max(contentLength, 0);
  }

  public boolean keepAlive() {
    return !connectionClose && (!http10 || connectionKeepAlive);
  }
}
