package dev.gatewright.llm.custom;

import dev.gatewright.credential.Destination;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.ProviderDestination;
import dev.gatewright.llm.route.LlmConfig;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import org.jspecify.annotations.Nullable;

/// Where credentials for providers of models may go. Follows the latest configuration; thread-safe.
public final class LlmDestinations implements Destination.Finder {
  private final RelayConfig relay;
  private final CustomDirectory custom;
  private final Fetch fetch;
  private volatile LlmConfig config;

  public LlmDestinations(LlmConfig config, RelayConfig relay, CustomDirectory custom, Fetch fetch) {
    this.config = config;
    this.relay = relay;
    this.custom = custom;
    this.fetch = fetch;
  }

  /// What puts an edited configuration in force.
  public Runnable reconfigure(LlmConfig edited) {
    return () -> config = edited;
  }

  @Override
  public @Nullable Destination find(String organizationId, String id) {
    Provider provider = config.providers().providers().get(id);
    if (provider != null) {
      DialRules rules = new DialRules(provider.allowPrivate(), relay.allow());
      return new ProviderDestination(provider, rules, fetch);
    }
    Provider own = custom.provider(organizationId, id);
    return own == null ? null : new ProviderDestination(own, custom.rules(), fetch);
  }

  /// Everything the configuration says, as it is now.
  public LlmConfig config() {
    return config;
  }
}
