package dev.gatewright.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatewright.service.backend.Service;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.EventLogStore;
import dev.gatewright.telemetry.Time;
import dev.gatewright.webhook.Happenings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells who reads the platform organization's events along when a service comes to do better or
/// worse, as this process sees it. What could not be written is told the next time.
public final class ServiceTold {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceTold.class);
  private static final String TYPE = "service";

  private final Database database;
  private final String platform;
  private final Time time;

  /// By service, what was told last. Whoever has taken `busy` may touch it.
  private final Map<String, String> told = new HashMap<>();

  private final AtomicBoolean busy = new AtomicBoolean();

  /// @param platform the organization whose services those of the file are
  public ServiceTold(Database database, String platform, Time time) {
    this.database = database;
    this.platform = platform;
    this.time = time;
  }

  /// Looks at all of them; never blocks. A service is told of from its second look on.
  void look(List<Service> services) {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    told.keySet().retainAll(services.stream().map(Service::id).toList());
    Map<String, String> changed = new HashMap<>();
    for (Service service : services) {
      String now = ServiceView.status(service.instances().all());
      String before = told.putIfAbsent(service.id(), now);
      if (before != null && !before.equals(now)) {
        changed.put(service.id(), now);
      }
    }
    if (changed.isEmpty()) {
      busy.set(false);
    } else {
      Thread.ofVirtual().name("service-told").start(() -> tell(changed));
    }
  }

  private void tell(Map<String, String> changed) {
    try {
      List<EventLogStore.Entry> entries = new ArrayList<>();
      changed.forEach((id, status) ->
          entries.add(new EventLogStore.Entry(id, status, null, null, time.millis())));
      database.write(handle -> {
        EventLogStore.append(handle, platform, TYPE, entries);
        entries.forEach(entry ->
            Happenings.tell(
                handle,
                platform,
                TYPE + "." + entry.action(),
                entry.objectId(),
                JsonNodeFactory.instance.objectNode().put("status", entry.action()),
                entry.atMillis()));
        return 0;
      });
      told.putAll(changed);
    } catch (RuntimeException failure) {
      LOG.warn("how services do could not be told: {}", changed, failure);
    } finally {
      busy.set(false);
    }
  }
}
