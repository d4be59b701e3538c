package dev.gatewright.llm.route;

import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.route.ModelsConfig.TargetName;
import dev.gatewright.relay.Upstream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What one organization has defined for itself: providers, and names for models. Seen by its own
/// calls and by nobody else's. Immutable; owns its connections.
public final class OwnRoutes implements AutoCloseable {
  private static final int ALONE_BYTES = 300;
  private static final int EACH_BYTES = 2_000;

  /// Of an organization that has none.
  public static final OwnRoutes NONE =
      new OwnRoutes(
          List.of(),
          Map.of(),
          Map.of(),
          provider -> {
            throw new IllegalStateException("a provider of nobody's: " + provider.id());
          });

  private final Map<String, ReachableProvider> providers = new LinkedHashMap<>();
  private final ModelTable models;
  private final List<String> ids = new ArrayList<>();
  private final int bytes;

  /// @param models what each name leads to
  /// @param listed names of models by provider, to be shown
  /// @param open connections to a provider
  public OwnRoutes(
      List<Provider> all,
      Map<String, List<TargetName>> models,
      Map<String, List<String>> listed,
      Function<Provider, Upstream> open) {
    for (Provider provider : all) {
      providers.put(provider.id(), new ReachableProvider(provider, open.apply(provider)));
    }
    this.models = new ModelTable(models);
    models.keySet().stream().filter(id -> !id.endsWith("*")).forEach(ids::add);
    listed.forEach((provider, names) -> names.forEach(name -> ids.add(provider + "/" + name)));
    this.bytes = ALONE_BYTES + EACH_BYTES * (all.size() + models.size()) + 100 * ids.size();
  }

  Map<String, ReachableProvider> providers() {
    return providers;
  }

  ModelTable models() {
    return models;
  }

  /// Names to be shown.
  public List<String> modelIds() {
    return ids;
  }

  /// Heap it takes, by estimate.
  public int bytes() {
    return bytes;
  }

  /// Running calls go on.
  @Override
  public void close() {
    providers.values().forEach(each -> each.upstream().close());
  }
}
