package dev.gatewright.service;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of services, for admin keys: how they do, and taking instances out for maintenance. It
/// speaks of this process alone: queues and health are not shared. Described in
/// `openapi/service.yaml`.
public final class ServiceApi {
  /// @param instance its address as configured; null = all
  record DrainRequest(@Nullable String instance) {}

  private static final int BODY_BYTES_MAX = 4 << 10;

  private final ServicePlane plane;
  private final String platform;

  /// @param platform the organization that runs the deployment, whose services they are
  public ServiceApi(ServicePlane plane, String platform) {
    this.plane = plane;
    this.platform = platform;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "service",
        List.of(
            ApiRoute.get("/api/services", Access.of(Permission.SERVICE_READ), this::list),
            ApiRoute.post(
                "/api/services/{id}/check",
                Access.of(Permission.SERVICE_WRITE),
                BODY_BYTES_MAX,
                this::check),
            ApiRoute.post(
                "/api/services/{id}/drain",
                Access.of(Permission.SERVICE_WRITE),
                BODY_BYTES_MAX,
                call -> drain(call, true)),
            ApiRoute.post(
                "/api/services/{id}/undrain",
                Access.of(Permission.SERVICE_WRITE),
                BODY_BYTES_MAX,
                call -> drain(call, false))));
  }

  /// GET /api/services
  private Answer list(ApiCall call) {
    health();
    return ServiceView.page(plane.all(), ownsServices(ApiCaller.of(call)));
  }

  /// POST /api/services/{id}/check
  private Answer check(ApiCall call) {
    call.requireNoFields();
    requireOwner(call);
    Service service = service(call);
    for (Instance instance : service.instances().all()) {
      health().ask(service, instance);
    }
    return Answer.ok(ServiceView.of(service, true));
  }

  /// POST /api/services/{id}/drain, /api/services/{id}/undrain
  private Answer drain(ApiCall call, boolean on) {
    health();
    ApiCaller caller = ApiCaller.of(call);
    requireOwner(call);
    if (!caller.platformOwner() && !caller.scope().isEmpty()) {
      throw Problem.denied("Draining needs an admin key without rules: it concerns everybody.");
    }
    Service service = service(call);
    String wanted = call.bodyOr(DrainRequest.class, new DrainRequest(null)).instance();
    List<Instance> chosen =
        service.instances().all().stream()
            .filter(each -> wanted == null || each.name().equals(wanted))
            .toList();
    if (chosen.isEmpty()) {
      throw Problem.wrong(
          "/instance",
          "instance: %s (expected: one of %s)"
              .formatted(
                  wanted,
                  String.join(
                      ", ", service.instances().all().stream().map(Instance::name).toList())));
    }
    chosen.forEach(instance -> instance.drain(on));
    return Answer.ok(ServiceView.of(service, true));
  }

  /// The services of the configuration are the deployment's: what is done to them concerns
  /// everybody.
  private void requireOwner(ApiCall call) {
    if (!ownsServices(ApiCaller.of(call))) {
      throw Problem.denied(
          "The services here are the platform's: its own organization checks and drains them.");
    }
  }

  private boolean ownsServices(ApiCaller caller) {
    return caller.platformOwner() || caller.tenant().organizationId().equals(platform);
  }

  private Service service(ApiCall call) {
    Service service = plane.find(call.path("id"));
    if (service == null) {
      throw Problem.notFound("There is no service of this id.");
    }
    return service;
  }

  private ServiceHealth health() {
    ServiceHealth health = plane.health();
    if (health == null) {
      throw new Problem(
          Refusal.overloaded(
              "This process serves the portal only; ask one that serves the data plane, where"
                  + " services run (planes: data or both).",
              0));
    }
    return health;
  }
}
