package dev.gatewright.llm.provider;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks a provider for its list of models: the one question that every dialect has, costs nothing
/// and needs a good key.
public final class ModelsRequest {
  /// A longer list is asked for in pages, which nobody reads.
  private static final int PAGE = 1_000;

  private ModelsRequest() {}

  /// What a credential is tried with: the first page, whatever it holds.
  static Fetch.Request check(Provider provider, DialRules rules, Secret key, Bounds bounds) {
    return request(provider, rules, key, "", bounds);
  }

  /// @param key somebody's, in place of what is configured; null = what is configured goes along
  public static Fetch.Request list(
      Provider provider, DialRules rules, @Nullable Secret key, Bounds bounds) {
    String query = provider.dialect() == Dialect.ANTHROPIC ? "?limit=" + PAGE : "";
    return request(provider, rules, key, query, bounds);
  }

  /// What an answer may take.
  public record Bounds(long millis, int bytes) {}

  private static Fetch.Request request(
      Provider provider, DialRules rules, @Nullable Secret key, String query, Bounds bounds) {
    return new Fetch.Request(
        provider.origin(),
        rules,
        "GET",
        provider.basePath() + "/models" + query,
        headers(provider, key),
        null,
        provider.timeouts(),
        bounds.millis(),
        bounds.bytes());
  }

  private static Map<String, Secret> headers(Provider provider, @Nullable Secret key) {
    Map<String, Secret> headers = new HashMap<>();
    Secret shown = key == null ? provider.apiKey() : key;
    if (shown != null) {
      HttpHeaders credential = EdgeReply.newHeaders();
      provider.dialect().credential(credential, shown);
      credential.forEach(header -> headers.put(header.getKey(), Secret.of(header.getValue())));
    }
    provider
        .headers()
        .forEach((name, value) -> {
          // Of what is configured, no credential goes along with somebody else's.
          if (key == null || !ProviderHead.CARRIERS.contains(name)) {
            headers.put(name, value);
          }
        });
    headers.putIfAbsent("user-agent", Secret.of("gatewright"));
    if (provider.dialect() == Dialect.ANTHROPIC) {
      headers.putIfAbsent("anthropic-version", Secret.of("2023-06-01"));
    }
    return headers;
  }
}
