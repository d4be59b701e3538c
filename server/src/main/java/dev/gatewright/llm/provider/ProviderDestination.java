package dev.gatewright.llm.provider;

import dev.gatewright.credential.BroughtCredential;
import dev.gatewright.credential.Destination;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;

/// A provider of models as a place for credentials: the key alone, asked by its list of models.
///
/// @param rules the addresses it may be dialled at
public record ProviderDestination(Provider provider, DialRules rules, Fetch fetch)
    implements Destination {
  /// A list of some hundred models with all their prices.
  private static final ModelsRequest.Bounds CHECK = new ModelsRequest.Bounds(15_000, 4 << 20);

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
    Fetch.Request request = ModelsRequest.check(provider, rules, secret, CHECK);
    return switch (fetch.send(request)) {
      case Fetch.Fetched.Answer answer -> Checked.of(answer.status());
      case Fetch.Fetched.Failed failed -> Checked.failed(failed.failure().message());
    };
  }
}
