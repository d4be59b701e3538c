package dev.gatewright.llm.route;

import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.ProviderHead;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.relay.Upstream;

/// A provider with its connections.
record ReachableProvider(Provider provider, Upstream upstream, ProviderHead head) {
  ReachableProvider(Provider provider, Upstream upstream) {
    this(provider, upstream, new ProviderHead(provider));
  }

  Target target(String model) {
    return new Target(provider, upstream, head, model);
  }
}
