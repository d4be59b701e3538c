package dev.gatewright.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The self-hosted services, wired together: what the composition root makes and mounts.
/// Thread-safe.
public final class ServicePlane {
  private volatile Map<String, Service> services = Map.of();

  public ServicePlane(ServicesConfig config) {
    configure(config);
  }

  /// Takes over an edited configuration. A service that did not change goes on as it is; calls of
  /// one that did end as they began.
  public synchronized void configure(ServicesConfig config) {
    Map<String, Service> next = new LinkedHashMap<>();
    for (ServiceConfig each : config.services()) {
      Service running = services.get(each.id());
      boolean same = running != null && running.config().equals(each);
      next.put(each.id(), same ? running : new Service(each));
    }
    services = next;
  }

  public @Nullable Service find(String id) {
    return services.get(id);
  }

  /// In the file's order.
  public List<Service> all() {
    return List.copyOf(services.values());
  }
}
