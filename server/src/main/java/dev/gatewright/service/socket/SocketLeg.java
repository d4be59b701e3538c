package dev.gatewright.service.socket;

import dev.gatewright.call.Leg;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.UnfitSink;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.service.answer.BackendFault;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.plan.ServicePlan;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// An instance that is asked for a WebSocket: the caller hears 101 when it has said so. Confined to
/// the exchange's event loop.
record SocketLeg(ServicePlan plan, SocketRequest request, Instance instance) implements Leg {
  @Override
  public Upstream upstream() {
    return instance.upstream();
  }

  @Override
  public Opening opening(int ordinal) {
    return plan.opening(ordinal);
  }

  @Override
  public Durable durable() {
    return plan.durable();
  }

  @Override
  public Refusal untaken(Throwable cause) {
    return plan.untaken(cause);
  }

  @Override
  public boolean upgrades() {
    return true;
  }

  @Override
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    return request.toBackend(instance);
  }

  @Override
  public Sink upgraded(HttpHeaders headers, Opener opener) {
    instance.answered();
    HttpHeaders answer = request.answer(headers);
    return answer == null
        ? new UnfitSink(
            Refusal.upstream(
                "The service `%s` answered the WebSocket handshake wrongly."
                    .formatted(request.service().id())))
        : opener.open(plan.queued(answer), request.service().config().sockets().idle());
  }

  /// No switch. Its body would be the answer to a call that nobody made.
  @Override
  public Sink answered(int status, HttpHeaders headers, long bodyLength) {
    instance.answered();
    plan.unfit(headers);
    Refusal known =
        BackendFault.doubtful(status)
            ? BackendFault.refusal(request.service(), status, headers, new byte[0], 0)
            : BackendFault.refusal(request.service(), status, headers);
    return new UnfitSink(
        known != null
            ? known
            : Refusal.upstream(
                "The service `%s` opened no WebSocket: it answered %d."
                    .formatted(request.service().id(), status)));
  }

  @Override
  public void over(Verdict verdict) {
    if (verdict instanceof Verdict.Failed(var failure)) {
      instance.over(failure);
    }
  }
}
