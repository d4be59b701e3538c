package dev.gatewright.service.socket;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Leg;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.WebSocketHandshake.Read;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.answer.ServiceHeaders;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.Paid;
import dev.gatewright.service.plan.ServiceFare;
import dev.gatewright.service.plan.ServicePlan;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// An upgrade that may be passed on.
///
/// @param backendPath the backend's path, raw, without query
/// @param query without a ticket; null = none
/// @param route what stands on its row: a template, never a path
/// @param model null = the query names none
/// @param paid whose credential it goes out with
/// @param fare what it costs
/// @param onOver runs once, when the socket has ended
public record SocketRequest(
    Exchange exchange,
    Caller caller,
    Service service,
    String backendPath,
    @Nullable String query,
    String route,
    @Nullable String model,
    Paid paid,
    ServiceFare fare,
    Read.Asked asked,
    Time time,
    Runnable onOver)
    implements ServicePlan.Asked {
  @Override
  public Demand demand(LongSupplier costNano) {
    return Demand.of(service.id(), 0, costNano);
  }

  /// Nobody knows what will be said in it.
  @Override
  public Usage expected() {
    return Usage.of(Unit.BYTES, 1, Source.COUNTED);
  }

  @Override
  public Leg leg(ServicePlan plan, Instance on, boolean repeated) {
    return new SocketLeg(plan, this, on);
  }

  /// The connection ends with it: whoever stands in front may believe that a tunnel began.
  @Override
  public void refuse(Refusal refusal, HttpHeaders headers) {
    exchange.closeAfter();
    form().refuse(exchange, refusal, headers);
  }

  @Override
  public void over() {
    onOver.run();
  }

  public ErrorForm form() {
    return ErrorForm.of(service.preset(), backendPath);
  }

  /// What the instance is sent: the caller's handshake, and nothing of it that was for the gate.
  UpstreamRequest toBackend(Instance instance) {
    HttpHeaders received = exchange.request().headers();
    HttpHeaders headers = ServiceHeaders.toBackend(received, paid.credential());
    List<String> offered = offer().own();
    if (!offered.isEmpty()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", offered));
    }
    String path = instance.url().path() + backendPath;
    return new UpstreamRequest(
        "GET",
        query == null ? path : path + "?" + query,
        headers,
        Unpooled.EMPTY_BUFFER,
        0,
        service.config().phases(),
        true);
  }

  /// The caller's 101 for a backend's.
  ///
  /// @return null when the backend's does not answer this handshake
  @Nullable HttpHeaders answer(HttpHeaders received) {
    List<String> chosen = received.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    boolean right =
        WebSocketHandshake.accept(asked.key())
                .equals(received.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
            && (chosen.isEmpty()
                || (chosen.size() == 1 && offer().own().contains(chosen.getFirst())));
    if (!right) {
      return null;
    }
    HttpHeaders answer = ServiceHeaders.toCaller(received);
    if (chosen.isEmpty() && offer().namesGate()) {
      answer.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SocketOffer.GATE);
    }
    return answer;
  }

  private SocketOffer offer() {
    return SocketOffer.of(asked.protocols());
  }

  @Override
  public Opening opening(int ordinal) {
    String id = service.id();
    return new Opening(
            exchange.request().id(),
            ordinal,
            ordinal == 0,
            ordinal == 0,
            caller.tenant(),
            caller.id(),
            model == null ? id : model,
            id + "/" + (model == null ? "-" : model),
            id,
            route,
            true,
            false,
            time.millis(),
            0,
            paid.rung())
        .with(caller.facets(id));
  }
}
