package dev.gatewright.service;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.ApiRefused;
import dev.gatewright.edge.Refusal;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// REST of services, for admin keys: how they do, and taking instances out for maintenance. It
/// speaks of this process alone: queues and health are not shared. Described in
/// `openapi/service.yaml`.
public final class ServiceApi {
  /// @param instance its address as configured; null = all
  record DrainRequest(@Nullable String instance) {}

  private final ServicePlane plane;

  public ServiceApi(ServicePlane plane) {
    this.plane = plane;
  }

  /// Adds the routes, for the portal to mount.
  public void routes(RoutesConfig routes) {
    routes.get("/api/services", this::list);
    routes.post("/api/services/{id}/check", this::check);
    routes.post("/api/services/{id}/drain", context -> drain(context, true));
    routes.post("/api/services/{id}/undrain", context -> drain(context, false));
  }

  /// GET /api/services
  private void list(Context context) {
    health();
    context.json(ServiceView.page(plane.all()));
  }

  /// POST /api/services/{id}/check
  private void check(Context context) {
    Service service = service(context);
    for (Instance instance : service.instances().all()) {
      health().ask(service, instance);
    }
    context.json(ServiceView.of(service));
  }

  /// POST /api/services/{id}/drain, /api/services/{id}/undrain
  private void drain(Context context, boolean on) {
    health();
    ApiCaller caller = Objects.requireNonNull(context.attribute(ApiCaller.ATTRIBUTE));
    if (!caller.platformOwner() && !caller.scope().isEmpty()) {
      throw new ApiRefused(
          Refusal.denied("Draining needs an admin key without rules: it concerns everybody."));
    }
    Service service = service(context);
    String body = context.body();
    String wanted = body.isBlank() ? null : context.bodyAsClass(DrainRequest.class).instance();
    List<Instance> chosen =
        service.instances().all().stream()
            .filter(each -> wanted == null || each.name().equals(wanted))
            .toList();
    if (chosen.isEmpty()) {
      throw ApiRefused.wrong(
          "/instance",
          "instance: %s (expected: one of %s)"
              .formatted(
                  wanted,
                  String.join(
                      ", ", service.instances().all().stream().map(Instance::name).toList())));
    }
    chosen.forEach(instance -> instance.drain(on));
    context.json(ServiceView.of(service));
  }

  private Service service(Context context) {
    Service service = plane.find(context.pathParam("id"));
    if (service == null) {
      throw ApiRefused.notFound("There is no service of this id.");
    }
    return service;
  }

  private ServiceHealth health() {
    ServiceHealth health = plane.health();
    if (health == null) {
      throw new ApiRefused(
          Refusal.overloaded(
              "This process serves the portal only; ask one that serves the data plane, where"
                  + " services run (planes: data or both).",
              0));
    }
    return health;
  }
}
