package dev.gatewright.llm.provider;

import dev.gatewright.relay.Upstream;
import org.jspecify.annotations.Nullable;

/// Where a call may go.
///
/// @param upstream the provider's connections
/// @param head what every request to the provider has in its head
/// @param model the model's name there
/// @param name `provider/model`, as policy and rows name it
public record Target(
    Provider provider, Upstream upstream, ProviderHead head, String model, String name) {
  public Target(Provider provider, Upstream upstream, ProviderHead head, String model) {
    this(provider, upstream, head, model, provider.id() + "/" + model);
  }

  /// The same as the catalogue of prices calls it; null = the catalogue does not apply.
  public @Nullable String catalogued() {
    String catalogue = provider.catalogue();
    return catalogue == null ? null : catalogue + "/" + model;
  }
}
