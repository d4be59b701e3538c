package dev.gatewright.llm.provider;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.relay.HeaderLines;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What of a request's head is the same for every call to one provider, its credential included,
/// and which of a caller's headers pass beside it. Made once for each reading of the configuration.
/// Immutable.
public final class ProviderHead {
  /// A caller's headers a provider may see; nothing else passes.
  private static final AsciiString[] PASSED = {
    HttpHeaderNames.CONTENT_TYPE,
    HttpHeaderNames.ACCEPT,
    HttpHeaderNames.USER_AGENT,
    AsciiString.cached("anthropic-version"),
    AsciiString.cached("anthropic-beta"),
    AsciiString.cached("openai-beta"),
    // Where the gate takes part in the trace, it says these itself.
    AsciiString.cached("traceparent"),
    AsciiString.cached("tracestate")
  };

  /// Where keys are carried: of what is configured, none of these goes along with somebody else's.
  static final Set<String> CARRIERS =
      Set.of(
          "authorization",
          "proxy-authorization",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "cookie");

  private final HeaderLines lines;
  private final HeaderLines bare;
  private final AsciiString[] passed;
  private final Map<Endpoint, String> paths = new EnumMap<>(Endpoint.class);

  public ProviderHead(Provider provider) {
    HttpHeaders same = EdgeReply.newHeaders().set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    if (provider.apiKey() != null) {
      provider.dialect().credential(same, provider.apiKey());
    }
    provider.headers().forEach((name, value) -> same.set(name, value.expose()));
    lines = HeaderLines.of(same);
    HttpHeaders others = EdgeReply.newHeaders().set(same);
    CARRIERS.forEach(others::remove);
    bare = HeaderLines.of(others);
    // What is configured stands in place of what a caller sends.
    passed = Stream.of(PASSED).filter(name -> !same.contains(name)).toArray(AsciiString[]::new);
    for (Endpoint endpoint : Endpoint.values()) {
      paths.put(endpoint, provider.basePath() + endpoint.suffix());
    }
  }

  /// @param configured the credential goes along that is configured; else somebody else's does
  HeaderLines lines(boolean configured) {
    return configured ? lines : bare;
  }

  /// The path, without a query.
  String path(Endpoint endpoint) {
    return paths.getOrDefault(endpoint, "");
  }

  /// Of what a caller sent, what the provider may see.
  HttpHeaders passed(HttpHeaders received) {
    HttpHeaders headers = EdgeReply.newHeaders();
    for (AsciiString name : passed) {
      if (received.contains(name)) {
        for (String value : received.getAll(name)) {
          headers.add(name, value);
        }
      }
    }
    return headers;
  }
}
