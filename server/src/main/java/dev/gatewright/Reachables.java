package dev.gatewright;

import dev.gatewright.key.change.Reachable;
import dev.gatewright.service.config.ServiceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the configuration in force sets up for everybody. Thread-safe.
final class Reachables implements Reachable {
  private volatile Things things;

  Reachables(ServerConfig config) {
    things = read(config);
  }

  void configure(ServerConfig config) {
    things = read(config);
  }

  @Override
  public Things of(String organizationId) {
    return things;
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
