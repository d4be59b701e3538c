package dev.gatewright;

import dev.gatewright.key.change.Reachable;
import dev.gatewright.llm.custom.CustomChanges;
import dev.gatewright.service.config.ServiceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the configuration in force sets up for everybody, and an organization for itself. Blocks;
/// thread-safe.
final class Reachables implements Reachable {
  private final CustomChanges own;
  private volatile Things things;

  Reachables(ServerConfig config, CustomChanges own) {
    this.own = own;
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
    return new Things(models, List.copyOf(providers), common.services(), common.rooms());
  }

  private static Things read(ServerConfig config) {
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
        config.rooms().open().stream().sorted().toList());
  }
}
