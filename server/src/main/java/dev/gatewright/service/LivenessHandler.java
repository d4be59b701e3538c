package dev.gatewright.service;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.call.Call;
import dev.gatewright.call.CallerBody;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.backend.ServicePath;

/// GET /{service}, also with a slash or `/api` behind it: whether a service lives, as its own
/// health route says it. Needs a key that may use the service; waits in no queue, counts as no
/// call. Thread-safe.
final class LivenessHandler implements EdgeHandler, Judge {
  private final ServicePlane plane;

  LivenessHandler(ServicePlane plane) {
    this.plane = plane;
  }

  @Override
  public void handle(Exchange exchange) {
    String id = ServicePath.of(exchange.request().path()).first();
    if (!plane.possible(id)
        || !asks(exchange.request().method())
        || SocketHandler.asked(exchange)) {
      EdgeReply.refuse(exchange, ServiceHandler.notFound());
      return;
    }
    plane
        .admission()
        .admit(
            exchange,
            admitted -> {
              switch (admitted) {
                case Admitted.No(Refusal refusal, String _) -> EdgeReply.refuse(exchange, refusal);
                case Admitted.Yes(Caller caller) -> ask(exchange, caller, id);
              }
            });
  }

  @Override
  public Judgement judge(Caller caller, Question question) {
    Service service = plane.named(ServicePath.of(question.path()).first());
    if (service == null || !asks(question.method())) {
      return new Judgement.Refused(ServiceHandler.notFound());
    }
    Refusal refusal = plane.admission().allowsService(caller, service.id(), false);
    if (refusal == null) {
      refusal = plane.access().model(caller, service, question.model());
    }
    return refusal == null
        ? new Judgement.Passes(service.id(), Rung.NONE)
        : new Judgement.Refused(refusal);
  }

  static boolean asks(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  void ask(Exchange exchange, Caller caller, String id) {
    Service service = plane.named(id);
    if (service == null) {
      EdgeReply.refuse(exchange, ServiceHandler.notFound());
      return;
    }
    Refusal refusal = plane.admission().allowsService(caller, service.id(), false);
    Instance instance = service.instances().best();
    if (refusal == null && instance == null) {
      refusal = Refusal.overloaded(String.valueOf(service.unavailable()), 5);
    }
    if (refusal != null || instance == null) {
      EdgeReply.refuse(exchange, refusal == null ? ServiceHandler.notFound() : refusal);
      return;
    }
    Liveness asked = new Liveness(exchange, service, instance, false);
    new Call(plane.outward(), exchange, caller, new CallerBody(exchange, 0), asked).start();
  }
}
