package dev.gatewright.service.answer;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.relay.HopByHop;
import dev.gatewright.service.config.ServiceCredential;
import dev.gatewright.service.preset.StreamKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which headers pass: all but those of one connection, credentials, the gate's own, those that say
/// who or where a caller is or ask for something else than was authorized, CORS, and what names a
/// server.
public final class ServiceHeaders {
  private static final AsciiString OURS = AsciiString.cached("x-gatewright-");
  private static final AsciiString CORS = AsciiString.cached("access-control-");
  private static final AsciiString PROXY = AsciiString.cached("proxy-");
  private static final AsciiString FORWARDED = AsciiString.cached("x-forwarded-");

  private static final Set<AsciiString> NOT_TO_BACKENDS =
      names(
          "authorization",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-provider-auth",
          "cookie",
          "host",
          "origin",
          "content-length",
          "expect",
          "x-request-id",
          // What frameworks take for another method, path or host than was authorized.
          "x-http-method-override",
          "x-http-method",
          "x-method-override",
          "x-original-url",
          "x-original-uri",
          "x-original-method",
          "x-original-host",
          "x-rewrite-url",
          "x-host",
          "proxy",
          // What backends take for a caller's address or identity.
          "forwarded",
          "x-forwarded",
          "x-real-ip",
          "x-client-ip",
          "true-client-ip",
          "cf-connecting-ip",
          "cf-connecting-ipv6",
          "cf-pseudo-ipv4",
          "fastly-client-ip",
          "fly-client-ip",
          "x-cluster-client-ip",
          "x-envoy-external-address",
          "x-azure-clientip",
          "x-azure-socketip",
          "x-appengine-user-ip",
          "x-ssl-client-cert",
          "x-client-cert",
          "x-remote-user",
          "remote-user",
          // Browsers put a key there when they open a socket.
          "sec-websocket-protocol");

  private static final Set<AsciiString> NOT_TO_CALLERS =
      names(
          "set-cookie",
          "www-authenticate",
          "server",
          "date",
          "via",
          "x-powered-by",
          "alt-svc",
          "x-request-id");

  private ServiceHeaders() {}

  private static Set<AsciiString> names(String... names) {
    Set<AsciiString> set = new HashSet<>();
    List.of(names).forEach(name -> set.add(AsciiString.cached(name)));
    return Set.copyOf(set);
  }

  /// What a backend sees of a caller's headers, and the gate's credential for it.
  public static HttpHeaders toBackend(
      HttpHeaders received, @Nullable ServiceCredential credential) {
    HttpHeaders headers = EdgeReply.newHeaders();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = received.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      AsciiString name = AsciiString.of(header.getKey());
      AsciiString folded = folded(name);
      boolean stays =
          startsWith(folded, FORWARDED)
              || startsWith(folded, PROXY)
              || dropped(folded, NOT_TO_BACKENDS);
      if (!stays) {
        headers.add(name, header.getValue());
      }
    }
    for (String connection : received.getAll(HttpHeaderNames.CONNECTION)) {
      HopByHop.strip(headers, connection);
    }
    if (credential != null) {
      headers.set(credential.header(), credential.value().expose());
    }
    return headers;
  }

  /// What a caller sees of a backend's headers; the relay has taken out those of the connection.
  public static HttpHeaders toCaller(HttpHeaders received) {
    HttpHeaders headers = EdgeReply.newHeaders();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = received.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      AsciiString name = AsciiString.of(header.getKey());
      if (!dropped(folded(name), NOT_TO_CALLERS)) {
        headers.add(name, header.getValue());
      }
    }
    String id = received.get("x-request-id");
    if (id != null) {
      headers.set("x-gatewright-upstream-request-id", id);
    }
    return headers;
  }

  private static boolean dropped(AsciiString folded, Set<AsciiString> names) {
    return names.contains(folded)
        || startsWith(folded, OURS)
        || startsWith(folded, CORS)
        || HopByHop.contains(folded);
  }

  /// As a backend may read it: CGI and WSGI make one name of `X_Real-IP` and `x-real-ip`, and some
  /// of a name with an underscore behind it.
  private static AsciiString folded(AsciiString name) {
    AsciiString lower = name.toLowerCase();
    if (lower.indexOf('_', 0) < 0) {
      return lower;
    }
    AsciiString dashes = lower.replace('_', '-');
    int end = dashes.length();
    while (end > 1 && dashes.charAt(end - 1) == '-') {
      end--;
    }
    return dashes.subSequence(0, end);
  }

  private static boolean startsWith(AsciiString name, AsciiString prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /// True for a stream of server-sent events.
  public static StreamKind streamKind(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/event-stream")) {
      return StreamKind.SSE;
    }
    if (type.startsWith("application/x-ndjson") || type.startsWith("application/jsonl")) {
      return StreamKind.NDJSON;
    }
    return type.startsWith("audio/") ? StreamKind.AUDIO : StreamKind.NONE;
  }
}
