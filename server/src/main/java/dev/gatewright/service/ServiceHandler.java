package dev.gatewright.service;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.call.Body;
import dev.gatewright.call.Call;
import dev.gatewright.call.once.Claim;
import dev.gatewright.call.once.IdempotencyKey;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.call.once.OnceName;
import dev.gatewright.call.once.OncePlan;
import dev.gatewright.call.once.Turn;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.FaultLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.backend.ServicePath;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.ServiceRequest;
import dev.gatewright.service.plan.ServiceAsked;
import dev.gatewright.service.plan.ServicePlan;
import dev.gatewright.service.preset.ServiceEndpoint;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/{service}/api/*`, from the caller to a place in the queue; reads downwards: key → service →
/// allow list → scope → what pays → body → is it the first of its name. No body is read before its
/// key is accepted. Thread-safe.
final class ServiceHandler implements EdgeHandler, Judge {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceHandler.class);
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

  @Override
  public boolean traced() {
    return true;
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
    Refusal unnamed =
        named(request) ? IdempotencyKey.refusal(request.exchange().request().headers()) : null;
    if (unnamed != null) {
      return unnamed;
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
    String key = named(request) ? IdempotencyKey.of(request.exchange().request().headers()) : null;
    if (key == null) {
      start(request, form, ready, null);
    } else {
      once(request, form, ready, key);
    }
  }

  private static boolean named(ServiceRequest request) {
    return request.exchange().request().method().equals("POST");
  }

  /// A call that names itself runs when it is the first of that name.
  private void once(ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready, String key) {
    Exchange exchange = request.exchange();
    Caller caller = request.caller();
    String model = ready.model();
    // The body is this one's now, until a call has it.
    exchange.onEnded(_ -> {});
    OnceName name =
        OnceName.of(caller.tenant().organizationId(), caller.id(), exchange.request().path(), key);
    plane
        .once()
        .claim(
            new OnceCalls.Asked(
                name,
                bodyHash(ready.body()),
                exchange.request().id(),
                model == null ? request.service().id() : model),
            exchange.eventLoop(),
            claim -> {
              switch (claim) {
                case Claim.First(Turn turn) -> first(request, form, ready, turn);
                case Claim.Refused(Refusal why, String receipt) when receipt != null -> {
                  ready.body().release();
                  form.refuse(exchange, why, "receipt", receipt);
                }
                case Claim.Refused(Refusal why, String _) -> {
                  ready.body().release();
                  form.refuse(exchange, why);
                }
              }
            });
  }

  private static String bodyHash(Body body) {
    ByteBuf whole = body.whole();
    if (whole == null) {
      return OnceName.lengthHash(body.length());
    }
    try {
      return OnceName.bodyHash(whole);
    } finally {
      whole.release();
    }
  }

  private void first(ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready, Turn turn) {
    if (request.exchange().ended()) {
      ready.body().release();
      turn.forget();
      return;
    }
    try {
      start(request, form, ready, turn);
    } catch (RuntimeException | Error bug) {
      FaultLog.write(LOG, request.exchange(), "the call failed", bug);
      request.exchange().reset("internal");
      turn.forget();
    }
  }

  /// @param turn of a call that names itself; null = it does not
  private void start(
      ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready, @Nullable Turn turn) {
    ServicePlan plan =
        new ServicePlan(
            ServiceAsked.of(request, form, ready, plane.charges(), plane.time()),
            plane.outward().limits(),
            plane.time());
    new Call(
            plane.outward(),
            request.exchange(),
            request.caller(),
            ready.body(),
            turn == null ? plan : new OncePlan(plan, turn))
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
