package dev.gatewright.llm.route;

import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.ModelsConfig.TargetName;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which model leads to which targets, as of one reading of the configuration. Immutable.
public final class Routing {
  private final Map<String, ReachableProvider> providers = new LinkedHashMap<>();
  private final Map<String, List<Target>> models = new LinkedHashMap<>();
  private final ModelTable table;

  /// @param before keeps its connections to providers that have not changed; null at the start
  public Routing(
      LlmConfig config, RelayConfig relay, Upstreams upstreams, @Nullable Routing before) {
    for (Provider provider : config.providers().providers().values()) {
      ReachableProvider known = before == null ? null : before.providers.get(provider.id());
      Upstream upstream =
          known != null && known.provider().equals(provider)
              ? known.upstream()
              : upstreams.open(
                  provider.origin(),
                  new DialRules(provider.allowPrivate(), relay.allow()),
                  relay.upstreamConnections());
      providers.put(provider.id(), new ReachableProvider(provider, upstream));
    }
    table = new ModelTable(config.models().models());
    config
        .models()
        .models()
        .forEach((id, targets) -> {
          // Judged either way; a wildcard's are made when a name asks for them.
          List<Target> judged = targets(targets);
          if (!id.endsWith("*")) {
            models.put(id, judged);
          }
        });
    // Last: a configuration that does not fit leaves the connections of the one before alone.
    if (before != null) {
      before.providers.values().forEach(this::retireUnlessKept);
    }
  }

  private void retireUnlessKept(ReachableProvider known) {
    ReachableProvider now = providers.get(known.provider().id());
    if (now == null || !now.upstream().equals(known.upstream())) {
      known.upstream().close();
    }
  }

  private List<Target> targets(List<TargetName> names) {
    return names.stream().map(name -> target(name.provider(), name.model())).toList();
  }

  private Target target(String providerId, String model) {
    ReachableProvider provider = providers.get(providerId);
    if (provider == null) {
      throw new IllegalArgumentException(
          "provider: %s (expected: one of %s)".formatted(providerId, providers.keySet()));
    }
    return provider.target(model);
  }

  /// The targets of a name, in order of preference; empty when nobody knows it. Exactly that name,
  /// else the longest wildcard, else `provider/model`; what the configuration defines goes first.
  ///
  /// @param own what the caller's organization has defined for itself
  List<Target> find(OwnRoutes own, String asked) {
    List<Target> entry = models.get(asked);
    if (entry != null) {
      return entry;
    }
    List<TargetName> named = own.models().exact(asked);
    if (named == null) {
      ModelTable.Match common = table.wildcard(asked);
      ModelTable.Match owned = own.models().wildcard(asked);
      ModelTable.Match longest =
          common == null || (owned != null && owned.length() > common.length()) ? owned : common;
      named = longest == null ? List.of() : longest.targets();
    }
    if (!named.isEmpty()) {
      return resolved(own, named);
    }
    int slash = asked.indexOf('/');
    return slash > 0 && slash < asked.length() - 1
        ? resolved(
            own, List.of(new TargetName(asked.substring(0, slash), asked.substring(slash + 1))))
        : List.of();
  }

  /// A target whose provider is there no more is left out.
  private List<Target> resolved(OwnRoutes own, List<TargetName> names) {
    List<Target> targets = new ArrayList<>(names.size());
    for (TargetName name : names) {
      ReachableProvider provider = providers.get(name.provider());
      provider = provider == null ? own.providers().get(name.provider()) : provider;
      if (provider != null) {
        targets.add(provider.target(name.model()));
      }
    }
    return targets;
  }

  /// Providers whose own lists say what they have.
  ///
  /// @param own what the caller's organization has defined for itself
  public List<Provider> listed(OwnRoutes own) {
    return Stream.concat(providers.values().stream(), own.providers().values().stream())
        .map(ReachableProvider::provider)
        .filter(Provider::listed)
        .toList();
  }

  /// Ids of the `models` entries that are no wildcards, in the file's order.
  public Set<String> modelIds() {
    return models.keySet();
  }
}
