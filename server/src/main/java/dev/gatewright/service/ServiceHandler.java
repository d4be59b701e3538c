package dev.gatewright.service;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.call.Call;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.backend.ServicePath;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.ServiceRequest;
import dev.gatewright.service.plan.ServiceAsked;
import dev.gatewright.service.plan.ServicePlan;
import dev.gatewright.service.preset.ServiceEndpoint;
import org.jspecify.annotations.Nullable;

/// `/{service}/api/*`, from the caller to a place in the queue; reads downwards: key → service →
/// allow list → scope → what pays → body. No body is read before its key is accepted. Thread-safe.
final class ServiceHandler implements EdgeHandler, Judge {
  private final ServicePlane plane;
  private final SocketHandler sockets;
  private final LivenessHandler liveness;

  ServiceHandler(ServicePlane plane, SocketHandler sockets, LivenessHandler liveness) {
    this.plane = plane;
    this.sockets = sockets;
    this.liveness = liveness;
  }

  @Override
  public void handle(Exchange exchange) {
    if (SocketHandler.asked(exchange)) {
      sockets.handle(exchange);
      return;
    }
    ServicePath path = ServicePath.of(exchange.request().path());
    if (!plane.possible(path.first())) {
      EdgeReply.refuse(exchange, notFound());
      return;
    }
    plane
        .admission()
        .admit(
            exchange,
            admitted -> {
              switch (admitted) {
                case Admitted.No(Refusal refusal, String _) -> reject(exchange, refusal);
                case Admitted.Yes(Caller caller) -> find(exchange, caller, path);
              }
            });
  }

  private void find(Exchange exchange, Caller caller, ServicePath path) {
    Service service = plane.named(path.first());
    if (service == null) {
      EdgeReply.refuse(exchange, notFound());
      return;
    }
    String backendPath = service.backendPath(path.rest());
    ErrorForm form = ErrorForm.of(service.preset(), backendPath);
    ServiceEndpoint endpoint = service.allowList().find(exchange.request().method(), backendPath);
    if (endpoint == null
        && path.rest().equals("/api/")
        && LivenessHandler.asks(exchange.request().method())) {
      liveness.ask(exchange, caller, path.first());
      return;
    }
    Refusal refusal =
        plane.access().refusal(caller, service, endpoint, exchange.request().method());
    if (refusal != null || endpoint == null) {
      form.refuse(exchange, refusal == null ? notFound() : refusal);
      return;
    }
    plane
        .payment()
        .find(
            exchange,
            caller,
            service,
            paid ->
                look(
                    new ServiceRequest(exchange, caller, service, endpoint, backendPath, paid),
                    form),
            why -> form.refuse(exchange, why));
  }

  @Override
  public Judgement judge(Caller caller, Question question) {
    ServicePath path = ServicePath.of(question.path());
    Service service = plane.named(path.first());
    if (service == null) {
      return new Judgement.Refused(notFound());
    }
    ServiceEndpoint endpoint =
        service.allowList().find(question.method(), service.backendPath(path.rest()));
    if (endpoint == null
        && path.rest().equals("/api/")
        && LivenessHandler.asks(question.method())) {
      return liveness.judge(caller, question);
    }
    return plane.access().judge(caller, service, endpoint, question);
  }

  private void look(ServiceRequest request, ErrorForm form) {
    Refusal refusal = unsuitable(request);
    if (refusal != null) {
      form.refuse(request.exchange(), refusal);
      return;
    }
    plane
        .rules()
        .of(request.service().preset(), request.endpoint())
        .look(
            request,
            look -> {
              switch (look) {
                case BodyRule.Look.Refused(Refusal why) -> form.refuse(request.exchange(), why);
                case BodyRule.Look.Ready ready -> dispatch(request, form, ready);
              }
            });
  }

  private @Nullable Refusal unsuitable(ServiceRequest request) {
    long bytesMax = request.bodyBytesMax();
    if (request.exchange().request().bodyLength() > bytesMax) {
      return Refusal.tooLarge(
          "body: longer than this service takes (expected: at most %d bytes)".formatted(bytesMax));
    }
    return plane.attempts().accepting()
        ? null
        : Refusal.overloaded("Calls cannot be recorded at the moment.", 1);
  }

  private void dispatch(ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready) {
    Refusal denied = plane.access().model(request.caller(), request.service(), ready.model());
    if (denied != null) {
      ready.body().release();
      form.refuse(request.exchange(), denied);
      return;
    }
    new Call(
            plane.outward(),
            request.exchange(),
            request.caller(),
            ready.body(),
            new ServicePlan(new ServiceAsked(request, form, ready, plane.time()), plane.time()))
        .start();
  }

  /// A backend's own form for what the edge says, where the path tells which it would be.
  @Override
  public void reject(Exchange exchange, Refusal refusal) {
    ServicePath path = ServicePath.of(exchange.request().path());
    Service service = path.rest().startsWith("/api/") ? plane.named(path.first()) : null;
    if (service == null) {
      EdgeReply.refuse(exchange, refusal);
    } else {
      ErrorForm.of(service.preset(), service.backendPath(path.rest())).refuse(exchange, refusal);
    }
  }

  static Refusal notFound() {
    return Refusal.notFound("There is nothing at this path.");
  }

  static Refusal notOnTheList(Service service, String method) {
    return Refusal.notFound(
        "The service `%s` has nothing for callers at %s of this path."
            .formatted(service.id(), method));
  }
}
