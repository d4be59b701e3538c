package dev.gatewright.llm.route;

import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.ProviderHead;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.ModelsConfig.TargetName;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which model leads to which targets, as of one reading of the configuration. Immutable.
public final class Routing {
  private record Reachable(Provider provider, Upstream upstream, ProviderHead head) {}

  private final Map<String, Reachable> providers = new LinkedHashMap<>();
  private final Map<String, List<Target>> models = new LinkedHashMap<>();

  /// @param before keeps its connections to providers that have not changed; null at the start
  public Routing(
      LlmConfig config, RelayConfig relay, Upstreams upstreams, @Nullable Routing before) {
    for (Provider provider : config.providers().providers().values()) {
      Reachable known = before == null ? null : before.providers.get(provider.id());
      Upstream upstream =
          known != null && known.provider.equals(provider)
              ? known.upstream
              : upstreams.open(
                  provider.origin(),
                  new DialRules(provider.allowPrivate(), relay.allow()),
                  relay.upstreamConnections());
      providers.put(provider.id(), new Reachable(provider, upstream, new ProviderHead(provider)));
    }
    config.models().models().forEach((id, targets) -> models.put(id, targets(targets)));
    // Last: a configuration that does not fit leaves the connections of the one before alone.
    if (before != null) {
      before.providers.values().forEach(this::retireUnlessKept);
    }
  }

  private void retireUnlessKept(Reachable known) {
    Reachable now = providers.get(known.provider.id());
    if (now == null || !now.upstream.equals(known.upstream)) {
      known.upstream.close();
    }
  }

  private List<Target> targets(List<TargetName> names) {
    return names.stream().map(name -> target(name.provider(), name.model())).toList();
  }

  private Target target(String providerId, String model) {
    Reachable provider = providers.get(providerId);
    if (provider == null) {
      throw new IllegalArgumentException(
          "provider: %s (expected: one of %s)".formatted(providerId, providers.keySet()));
    }
    return new Target(provider.provider, provider.upstream, provider.head, model);
  }

  /// The targets of a name, in order of preference; empty when nobody knows it.
  List<Target> find(String asked) {
    List<Target> entry = models.get(asked);
    if (entry != null) {
      return entry;
    }
    int slash = asked.indexOf('/');
    if (slash > 0 && slash < asked.length() - 1) {
      String providerId = asked.substring(0, slash);
      if (providers.containsKey(providerId)) {
        return List.of(target(providerId, asked.substring(slash + 1)));
      }
    }
    return List.of();
  }

  /// Ids of the `models` entries, in the file's order.
  public Set<String> modelIds() {
    return models.keySet();
  }
}
