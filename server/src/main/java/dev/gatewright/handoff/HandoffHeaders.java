package dev.gatewright.handoff;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.relay.HopByHop;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Map;

/// The headers of a hand-off, which nobody outside can set: the edge drops every `x-gatewright-*`
/// header that is not on its public list, and ours are set last, after everything a caller could
/// have named in `connection` is gone.
public final class HandoffHeaders {
  public static final String SECRET = "x-gatewright-handoff-secret";
  public static final String CLIENT = "x-gatewright-client";
  public static final String HOST = "x-gatewright-host";
  public static final String SCHEME = "x-gatewright-scheme";
  public static final String REQUEST_ID = "x-gatewright-request-id";

  private HandoffHeaders() {}

  static HttpHeaders toPortal(RequestHead request, Secret secret) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = request.headers().iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      if (!HopByHop.contains(header.getKey())) {
        headers.add(header.getKey(), header.getValue());
      }
    }
    for (String connection : request.headers().getAll("connection")) {
      HopByHop.strip(headers, connection);
    }
    return headers
        .remove("expect")
        .remove("x-gatewright-edge")
        .set(SECRET, secret.expose())
        .set(CLIENT, IpLiteral.format(request.client()))
        .set(HOST, request.host())
        .set(SCHEME, request.scheme())
        .set(REQUEST_ID, request.id());
  }

  /// Without what the edge says itself.
  static HttpHeaders fromPortal(HttpHeaders headers) {
    return headers.remove("date").remove("server").remove("x-request-id");
  }
}
