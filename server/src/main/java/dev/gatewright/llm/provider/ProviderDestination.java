package dev.gatewright.llm.provider;

import dev.gatewright.credential.BroughtCredential;
import dev.gatewright.credential.Destination;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;

/// A provider of models as a place for credentials: the key alone, asked by its list of models.
///
/// @param rules the addresses it may be dialled at
public record ProviderDestination(Provider provider, DialRules rules, Fetch fetch)
    implements Destination {
  private static final long CHECK_MILLIS_MAX = 15_000;

  /// A list of some hundred models with all their prices.
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  @Override
  public Fit fit(Secret text) {
    String key = BroughtCredential.token(text.expose());
    return BroughtCredential.presentable(key)
        ? new Fit.Good(Secret.of(key), provider.origin().toString(), "")
        : new Fit.Wrong("not a provider's key (expected: one word of printable ASCII)");
  }

  @Override
  public boolean stands(String origin) {
    return provider.origin().toString().equals(origin);
  }

  @Override
  public Checked check(Secret secret) {
    Fetch.Request request =
        new Fetch.Request(
            provider.origin(),
            rules,
            "GET",
            provider.basePath() + "/models",
            headers(secret),
            null,
            provider.timeouts(),
            CHECK_MILLIS_MAX,
            ANSWER_BYTES_MAX);
    return switch (fetch.send(request)) {
      case Fetch.Fetched.Answer answer -> Checked.of(answer.status());
      case Fetch.Fetched.Failed failed -> Checked.failed(failed.failure().message());
    };
  }

  private Map<String, Secret> headers(Secret secret) {
    Map<String, Secret> headers = new HashMap<>(provider.headers());
    ProviderHead.CARRIERS.forEach(headers::remove);
    HttpHeaders credential = EdgeReply.newHeaders();
    provider.dialect().credential(credential, secret);
    credential.forEach(header -> headers.put(header.getKey(), Secret.of(header.getValue())));
    headers.putIfAbsent("user-agent", Secret.of("gatewright"));
    if (provider.dialect() == Dialect.ANTHROPIC) {
      headers.putIfAbsent("anthropic-version", Secret.of("2023-06-01"));
    }
    return headers;
  }
}
