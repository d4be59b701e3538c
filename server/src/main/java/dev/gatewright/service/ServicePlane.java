package dev.gatewright.service;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.TicketAdmission;
import dev.gatewright.call.Outward;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.Destination;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.BodyRules;
import dev.gatewright.service.config.ServiceConfig;
import dev.gatewright.service.config.ServicesConfig;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The self-hosted services, wired together: what the composition root makes and mounts.
/// Thread-safe.
public final class ServicePlane {
  private final Admission admission;
  private final ServiceAccess access;
  private final TicketAdmission tickets;
  private final Attempts attempts;
  private final Outward outward;
  private final RelayConfig relay;
  private final Upstreams upstreams;
  private final ServicePayment payment;
  private final Time time;
  private final BodyRules rules;
  private final ShareLimits shares;
  private final Charges charges;
  private final OnceCalls once;
  private volatile Map<String, Service> services = Map.of();
  private volatile @Nullable ServiceHealth health;

  /// @param charges by which calls are priced
  public ServicePlane(
      Admission admission,
      TicketAdmission tickets,
      CredentialDirectory credentials,
      Attempts attempts,
      RelayConfig relay,
      Upstreams upstreams,
      ServicesConfig config,
      BodyRules rules,
      ShareLimits shares,
      Charges charges,
      OnceCalls once,
      Time time) {
    this.admission = admission;
    this.tickets = tickets;
    this.payment = new ServicePayment(credentials);
    this.access = new ServiceAccess(admission, payment);
    this.attempts = attempts;
    this.outward = Outward.of(admission, attempts, time);
    this.relay = relay;
    this.upstreams = upstreams;
    this.time = time;
    this.rules = rules;
    this.shares = shares;
    this.charges = charges;
    this.once = once;
    configure(config);
  }

  /// Mounts the paths of all services, present and to come. They stand last: what else the gate
  /// serves wins.
  public void mount(RouteTable.Builder routes) {
    SocketHandler sockets = new SocketHandler(this, tickets);
    LivenessHandler liveness = new LivenessHandler(this);
    ServiceHandler calls = new ServiceHandler(this, sockets, liveness);
    routes.any("/ollama/api/*", calls);
    // Clients that are given a base URL with a slash behind it ask there whether it lives.
    routes.any("/{service}/", liveness);
    routes.any("/{service}/api", liveness);
    routes.any("/{service}/api/*", calls);
    routes.any("/{service}/ws", sockets);
    routes.any("/{service}/ws/*", sockets);
    routes.any("/{service}", liveness);
  }

  Charges charges() {
    return charges;
  }

  OnceCalls once() {
    return once;
  }

  /// Begins to ask the instances how they do, until the result is closed.
  public AutoCloseable start(Fetch fetch, ServiceTold told) {
    ServiceHealth started = new ServiceHealth(this, fetch, told, time);
    health = started;
    return started;
  }

  /// Takes over an edited configuration. A service that did not change goes on as it is; calls of
  /// one that did end as they began.
  public synchronized void configure(ServicesConfig config) {
    Map<String, Service> before = services;
    Map<String, Service> next = new LinkedHashMap<>();
    for (ServiceConfig each : config.services()) {
      Service running = before.get(each.id());
      next.put(
          each.id(),
          running != null && running.config().equals(each)
              ? running
              : new Service(each, upstreams, relay.upstreamConnections(), shares));
    }
    services = next;
    List<Service> retired = new ArrayList<>(before.values());
    retired.removeAll(next.values());
    retired.forEach(Service::close);
  }

  /// Where services' credentials may go. Every organization may have its own for a service.
  public Destination.Finder destinations(Fetch fetch) {
    return (_, id) -> {
      Service service = find(id);
      return service == null ? null : new ServiceDestination(service, fetch);
    };
  }

  public @Nullable Service find(String id) {
    return services.get(id);
  }

  /// In the file's order.
  public List<Service> all() {
    return List.copyOf(services.values());
  }

  /// The service a path's first segment means: `ollama` is the first one of that preset.
  @Nullable Service named(String segment) {
    if (!segment.equals("ollama")) {
      return find(segment);
    }
    for (Service each : services.values()) {
      if (each.preset().id().equals("ollama")) {
        return each;
      }
    }
    return null;
  }

  /// Might a path begin so? Where not, no key needs to be looked at.
  boolean possible(String segment) {
    return !services.isEmpty() && (ServicesConfig.isId(segment) || segment.equals("ollama"));
  }

  /// Null where the services do not run in this process.
  @Nullable ServiceHealth health() {
    return health;
  }

  /// Calls that wait, over all services.
  public long waiting() {
    return services.values().stream().mapToLong(service -> service.queue().length()).sum();
  }

  /// Instances, over all services, to which no call can go.
  public long instancesOut() {
    return services.values().stream()
        .flatMap(service -> service.instances().all().stream())
        .filter(instance -> !instance.eligible())
        .count();
  }

  Admission admission() {
    return admission;
  }

  ServicePayment payment() {
    return payment;
  }

  ServiceAccess access() {
    return access;
  }

  Outward outward() {
    return outward;
  }

  Attempts attempts() {
    return attempts;
  }

  BodyRules rules() {
    return rules;
  }

  Time time() {
    return time;
  }
}
