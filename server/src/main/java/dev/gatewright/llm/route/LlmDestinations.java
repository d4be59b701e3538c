package dev.gatewright.llm.route;

import dev.gatewright.credential.Destination;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.ProviderDestination;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import org.jspecify.annotations.Nullable;

/// Where credentials for providers of models may go. Follows the latest configuration; thread-safe.
public final class LlmDestinations implements Destination.Finder {
  private final RelayConfig relay;
  private final Fetch fetch;
  private volatile LlmConfig config;

  public LlmDestinations(LlmConfig config, RelayConfig relay, Fetch fetch) {
    this.config = config;
    this.relay = relay;
    this.fetch = fetch;
  }

  /// What puts an edited configuration in force.
  public Runnable reconfigure(LlmConfig edited) {
    return () -> config = edited;
  }

  @Override
  public @Nullable Destination find(String organizationId, String id) {
    Provider provider = config.providers().providers().get(id);
    return provider == null
        ? null
        : new ProviderDestination(
            provider, new DialRules(provider.allowPrivate(), relay.allow()), fetch);
  }
}
