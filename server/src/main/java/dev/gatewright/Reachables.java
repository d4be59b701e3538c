package dev.gatewright;

import dev.gatewright.key.change.Reachable;
import dev.gatewright.llm.custom.CustomChanges;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.service.config.ServiceConfig;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the configuration in force sets up for everybody, and an organization for itself. Blocks;
/// thread-safe.
final class Reachables implements Reachable {
  private final CustomChanges own;
  private final Supplier<PriceBook> book;
  private final Time time;
  private volatile Things things;

  Reachables(ServerConfig config, CustomChanges own, Supplier<PriceBook> book, Time time) {
    this.own = own;
    this.book = book;
    this.time = time;
    things = read(config);
  }

  void configure(ServerConfig config) {
    things = read(config);
  }

  @Override
  public Things of(String organizationId) {
    Things common = things;
    Map<String, List<String>> models = new LinkedHashMap<>(common.models());
    own.modelTargets(organizationId).forEach(models::putIfAbsent);
    Set<String> providers = new LinkedHashSet<>(common.providers());
    providers.addAll(own.providerIds(organizationId));
    return new Things(
        models, List.copyOf(providers), common.services(), common.rooms(), common.prices());
  }

  private Things read(ServerConfig config) {
    Map<String, List<String>> models = new LinkedHashMap<>();
    config
        .llm()
        .models()
        .models()
        .forEach((id, targets) ->
            models.put(
                id, targets.stream().map(name -> name.provider() + "/" + name.model()).toList()));
    return new Things(
        models,
        new ArrayList<>(config.llm().providers().providers().keySet()),
        config.services().services().stream().map(ServiceConfig::id).toList(),
        config.rooms().open().stream().sorted().toList(),
        target -> price(config, target));
  }

  private @Nullable ListedPrice price(ServerConfig config, String target) {
    int slash = target.indexOf('/');
    Provider provider =
        slash < 0 ? null : config.llm().providers().providers().get(target.substring(0, slash));
    String catalogue = provider == null ? null : provider.catalogue();
    return book.get()
        .listed(
            target, catalogue == null ? null : catalogue + target.substring(slash), time.millis());
  }
}
