package dev.gatewright.edge;

import dev.gatewright.edge.site.SiteConfig;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request's head after the edge has checked it. Every string is as it came on the wire, never
/// repaired.
///
/// @param id ours, `req_` and a UUIDv7; a caller's own `x-request-id` stays among the headers
/// @param path raw path, without the query; free of dot segments, `//`, `;`, encoded slash,
///   backslash, dot, NUL
/// @param query raw query without `?`, null when there is none
/// @param headers as received, less every `x-gatewright-*` name that callers may not set
/// @param scheme `http` or `https`, as the trusted proxy in front says
/// @param host the Host header's value
/// @param site whose name the host is; null = none's, or there are no sites
/// @param client the caller's address, from trusted proxies only, right to left
/// @param bodyLength bytes announced; 0 = no body; -1 = chunked, unknown
/// @param receivedNanos steady counter when the head was complete
/// @param receivedMillis wall clock at that moment
/// @param edgeProven a valid `x-gatewright-edge` secret came with it
/// @param proxyTrusted the peer at the other end of the connection is one of `trusted-proxies`
public record RequestHead(
    String id,
    String method,
    String path,
    @Nullable String query,
    HttpHeaders headers,
    String scheme,
    String host,
    @Nullable SiteConfig site,
    InetAddress client,
    long bodyLength,
    long receivedNanos,
    long receivedMillis,
    boolean edgeProven,
    boolean proxyTrusted) {

  /// What a front proxy says about the request it asks for (`X-Forwarded-Uri` …) may be believed.
  public boolean believesFront() {
    return edgeProven || proxyTrusted;
  }

  /// A moment of the steady counter, as nanoseconds since 1970: all of a request's by one look at
  /// the calendar, so that no span begins before the one it is a part of.
  public long epochNanos(long nanos) {
    return TimeUnit.MILLISECONDS.toNanos(receivedMillis) + nanos - receivedNanos;
  }

  public boolean hasBody() {
    return bodyLength != 0;
  }

  /// Path and query as they go upstream.
  public String pathAndQuery() {
    return query == null ? path : path + "?" + query;
  }
}
