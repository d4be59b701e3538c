package dev.gatewright.service;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.admission.TicketAdmission;
import dev.gatewright.call.Call;
import dev.gatewright.call.CallerBody;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.WebSocketHandshake.Read;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.backend.ServicePath;
import dev.gatewright.service.body.BodyKind;
import dev.gatewright.service.plan.ServiceFare;
import dev.gatewright.service.plan.ServicePlan;
import dev.gatewright.service.preset.ServiceEndpoint;
import dev.gatewright.service.socket.SocketQuery;
import dev.gatewright.service.socket.SocketRequest;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares.Taken;
import java.util.List;

/// WebSockets of services: `/{service}/ws`, `/{service}/ws/*`, and upgrades of allowed paths below
/// `/{service}/api/`. Reads downwards: handshake → key or ticket → service → allow list → scope →
/// model → what pays → a place among the open ones. Thread-safe.
final class SocketHandler implements EdgeHandler, Judge {
  private static final int RETRY_AFTER_SECONDS = 5;

  private final ServicePlane plane;
  private final TicketAdmission tickets;

  SocketHandler(ServicePlane plane, TicketAdmission tickets) {
    this.plane = plane;
    this.tickets = tickets;
  }

  /// True for a request that asks for a WebSocket, well or badly.
  static boolean asked(Exchange exchange) {
    return !(WebSocketHandshake.read(exchange.request()) instanceof Read.None);
  }

  @Override
  public void handle(Exchange exchange) {
    ServicePath path = ServicePath.of(exchange.request().path());
    if (!plane.possible(path.first())) {
      refuse(exchange, ErrorForm.PLAIN, ServiceHandler.notFound());
      return;
    }
    Read read = WebSocketHandshake.read(exchange.request());
    if (read instanceof Read.Malformed(Refusal refusal)) {
      refuse(exchange, form(path), refusal);
      return;
    }
    SocketQuery query = SocketQuery.of(exchange.request().query());
    if (read instanceof Read.None || query.ticket() == null) {
      plane.admission().admit(exchange, admitted -> decide(exchange, path, read, query, admitted));
    } else {
      Service service = plane.named(path.first());
      tickets.admit(
          exchange,
          query.ticket(),
          service == null ? path.first() : service.id(),
          admitted -> decide(exchange, path, read, query, admitted));
    }
  }

  @Override
  public boolean traced() {
    return true;
  }

  private void decide(
      Exchange exchange, ServicePath path, Read read, SocketQuery query, Admitted admitted) {
    switch (admitted) {
      case Admitted.No(Refusal refusal, String _) -> refuse(exchange, form(path), refusal);
      case Admitted.Yes(Caller caller) -> find(exchange, caller, path, read, query);
    }
  }

  private void find(
      Exchange exchange, Caller caller, ServicePath path, Read read, SocketQuery query) {
    Service service = plane.named(path.first());
    if (service == null) {
      refuse(exchange, ErrorForm.PLAIN, ServiceHandler.notFound());
      return;
    }
    String backendPath = service.backendPath(path.rest());
    ServiceEndpoint endpoint = service.allowList().find("GET", backendPath);
    Refusal refusal = plane.access().refusal(caller, service, endpoint, "GET");
    String model = null;
    // What is said in the socket is not looked into, so what its address asks for is all there is
    // to
    // hold rules against.
    if (refusal == null && BodyKind.readsModels(service.preset())) {
      List<String> models = query.models();
      model = models.isEmpty() ? null : models.getFirst();
      refusal =
          models.size() > 1
              ? severalModels()
              : plane.access().modelOrNone(caller, service, endpoint, model);
    }
    if (refusal != null || endpoint == null) {
      refuse(exchange, form(path), refusal == null ? ServiceHandler.notFound() : refusal);
    } else if (read instanceof Read.Asked asked) {
      String route = route(service, path.rest(), endpoint);
      String wanted = model;
      plane
          .payment()
          .find(
              exchange,
              caller,
              service,
              paid ->
                  start(
                      new SocketRequest(
                          exchange,
                          caller,
                          service,
                          backendPath,
                          query.rest(),
                          route,
                          wanted,
                          paid,
                          new ServiceFare(
                              plane.charges(),
                              caller,
                              paid,
                              ServiceFare.name(service, endpoint),
                              ServiceFare.Use.SOCKET),
                          asked,
                          plane.time(),
                          () -> service.sockets().give(caller.holder(), 1))),
              why -> refuse(exchange, form(path), why));
    } else {
      refuse(exchange, form(path), upgradeRequired());
    }
  }

  private static String route(Service service, String rest, ServiceEndpoint endpoint) {
    if (!ServicePath.underWs(rest)) {
      return "/{service}" + service.config().path().callerPath(endpoint.path());
    }
    return rest.equals(ServicePath.WS) ? "/{service}/ws" : "/{service}/ws/*";
  }

  @Override
  public Judgement judge(Caller caller, Question question) {
    ServicePath path = ServicePath.of(question.path());
    Service service = plane.named(path.first());
    if (service == null) {
      return new Judgement.Refused(ServiceHandler.notFound());
    }
    ServiceEndpoint endpoint = service.allowList().find("GET", service.backendPath(path.rest()));
    Refusal refusal = plane.access().refusal(caller, service, endpoint, "GET");
    if (refusal == null && BodyKind.readsModels(service.preset())) {
      refusal = plane.access().modelOrNone(caller, service, endpoint, question.model());
    }
    return plane.access().judged(caller, service, refusal);
  }

  private void start(SocketRequest request) {
    Service service = request.service();
    if (!plane.attempts().accepting()) {
      refuse(
          request.exchange(),
          request.form(),
          Refusal.overloaded("Calls cannot be recorded at the moment.", 1));
      return;
    }
    Holder holder = request.caller().holder();
    int max = service.config().sockets().openMax();
    Taken taken = max == 0 ? Taken.ALL_FULL : service.sockets().take(holder, 1);
    switch (taken) {
      case YES -> call(request);
      case SHARE_FULL ->
          refuse(
              request.exchange(),
              request.form(),
              Refusal.tooMany(
                  "This key has as many WebSockets of the service `%s` open as one may."
                      .formatted(service.id()),
                  RETRY_AFTER_SECONDS));
      case ALL_FULL ->
          refuse(
              request.exchange(),
              request.form(),
              Refusal.overloaded(
                  "The service `%s` has %d open WebSockets, which is as many as it may have."
                      .formatted(service.id(), max),
                  RETRY_AFTER_SECONDS));
    }
  }

  private void call(SocketRequest request) {
    Exchange exchange = request.exchange();
    ServicePlan plan = new ServicePlan(request, plane.outward().limits(), plane.time());
    new Call(plane.outward(), exchange, request.caller(), new CallerBody(exchange, 0), plan)
        .start();
  }

  private ErrorForm form(ServicePath path) {
    Service service = plane.named(path.first());
    return service == null
        ? ErrorForm.PLAIN
        : ErrorForm.of(service.preset(), service.backendPath(path.rest()));
  }

  /// The connection ends with the refusal: whoever stands in front may believe that a tunnel began.
  private static void refuse(Exchange exchange, ErrorForm form, Refusal refusal) {
    exchange.closeAfter();
    form.refuse(exchange, refusal);
  }

  private static Refusal upgradeRequired() {
    return Refusal.of(
        426, "invalid_request_error", "upgrade_required", "Only WebSockets are served here.");
  }

  private static Refusal severalModels() {
    return Refusal.invalid("model: given more than once (expected: once)", "model");
  }
}
