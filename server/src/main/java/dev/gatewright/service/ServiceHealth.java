package dev.gatewright.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.ServiceCredential;
import dev.gatewright.service.preset.LoadSignal;
import dev.gatewright.service.preset.Probe;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every instance how it does and which models it has loaded: one that is up every ten
/// seconds, any other every two. Nothing it asks costs tokens. Thread-safe.
final class ServiceHealth implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceHealth.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long TICK_MILLIS = 500;
  private static final Duration UP_EVERY = Duration.ofSeconds(10);
  private static final Duration OTHERWISE_EVERY = Duration.ofSeconds(2);
  private static final long ANSWER_MILLIS_MAX = 5_000;
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final int MODELS_MAX = 1_000;
  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(5));

  private final ServicePlane plane;
  private final Fetch fetch;
  private final ServiceTold told;
  private final Time time;

  /// When each is asked next; an instance that is being asked is not among the due ones. Guarded by
  /// this.
  private final Map<Instance, Long> dueNanos = new WeakHashMap<>();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("service-health").daemon().factory());

  ServiceHealth(ServicePlane plane, Fetch fetch, ServiceTold told, Time time) {
    this.plane = plane;
    this.fetch = fetch;
    this.told = told;
    this.time = time;
    clock.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      told.look(plane.all());
      for (Service service : plane.all()) {
        for (Instance instance : service.instances().all()) {
          if (due(instance)) {
            Thread.ofVirtual().name("service-probe").start(() -> asked(service, instance));
          }
        }
      }
    } catch (RuntimeException bug) {
      LOG.error("services could not be asked how they do", bug);
    }
  }

  private synchronized boolean due(Instance instance) {
    long now = time.nanos();
    Long due = dueNanos.get(instance);
    boolean at = due == null || now - due >= 0;
    if (at) {
      dueNanos.put(instance, now + TimeUnit.MILLISECONDS.toNanos(4 * ANSWER_MILLIS_MAX));
    }
    return at;
  }

  private synchronized void next(Instance instance) {
    Duration every = instance.state() == Instance.State.UP ? UP_EVERY : OTHERWISE_EVERY;
    dueNanos.put(instance, time.nanos() + every.toNanos());
  }

  private void asked(Service service, Instance instance) {
    try {
      ask(service, instance);
    } catch (RuntimeException failure) {
      if (!clock.isShutdown()) {
        LOG.error("{} could not be asked how it is", instance.name(), failure);
      }
    }
  }

  /// Asks now; blocks.
  void ask(Service service, Instance instance) {
    Instance.State before = instance.state();
    Probe probe = service.preset().probe();
    long started = time.nanos();
    switch (get(service, instance, probe.path())) {
      case Fetch.Fetched.Answer answer -> {
        instance.latencyMillis(TimeUnit.NANOSECONDS.toMillis(time.nanos() - started));
        instance.found(probe.finding(answer.status()));
      }
      case Fetch.Fetched.Failed _ -> instance.found(Probe.Finding.DEAD);
    }
    LoadSignal load = service.preset().load();
    if (load != null && instance.state() == Instance.State.UP) {
      readLoaded(service, instance, load);
    }
    next(instance);
    if (before != instance.state()) {
      LOG.info("service {}: {} is {}", service.id(), instance.name(), instance.state().id());
    }
  }

  private void readLoaded(Service service, Instance instance, LoadSignal load) {
    if (get(service, instance, load.path()) instanceof Fetch.Fetched.Answer answer
        && answer.status() == 200) {
      Set<String> models = models(answer.body(), load);
      if (models != null) {
        instance.loaded(models);
      }
    }
  }

  static @Nullable Set<String> models(String body, LoadSignal load) {
    try {
      JsonNode list = JSON.readTree(body).path(load.list());
      if (!list.isArray()) {
        return null;
      }
      Set<String> models = new HashSet<>();
      for (JsonNode entry : list) {
        JsonNode name = load.name().isEmpty() ? entry : entry.path(load.name());
        if (name.isTextual() && models.size() < MODELS_MAX) {
          models.add(name.asText());
        }
      }
      return models;
    } catch (IOException notJson) {
      return null;
    }
  }

  private Fetch.Fetched get(Service service, Instance instance, String path) {
    ServiceCredential credential = service.config().credential();
    Map<String, Secret> headers =
        credential == null ? Map.of() : Map.of(credential.header(), credential.value());
    return fetch.send(
        new Fetch.Request(
            instance.url().origin(),
            DialRules.ALLOW_PRIVATE,
            "GET",
            instance.url().path() + path,
            headers,
            null,
            PHASES,
            ANSWER_MILLIS_MAX,
            ANSWER_BYTES_MAX));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
