package dev.gatewright.service.plan;

import dev.gatewright.call.Leg;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Tap;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.AnswerCost;
import dev.gatewright.call.sink.HeldSink;
import dev.gatewright.call.sink.PassSink;
import dev.gatewright.call.sink.UnfitSink;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.service.answer.AnswerDoubt;
import dev.gatewright.service.answer.AnswerLabel;
import dev.gatewright.service.answer.BackendFault;
import dev.gatewright.service.answer.ServiceHeaders;
import dev.gatewright.service.answer.ServiceWords;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.preset.StreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// One instance of a service, which hears how it did. Confined to the exchange's event loop.
///
/// @param repeated demand a new connection
record ServiceLeg(ServicePlan plan, ServiceAsked asked, Instance instance, boolean repeated)
    implements Leg {
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
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    RequestHead head = asked.exchange().request();
    String path = instance.url().path() + asked.request().backendPath();
    return new UpstreamRequest(
        head.method(),
        head.query() == null ? path : path + "?" + head.query(),
        ServiceHeaders.toBackend(head.headers(), asked.request().paid().credential()),
        whole == null ? Unpooled.EMPTY_BUFFER : whole,
        whole == null ? asked.ready().body().length() : whole.readableBytes(),
        asked.service().config().phases(),
        // A body that is not kept could not follow a stale connection to another one.
        repeated || whole == null);
  }

  @Override
  public Usage unanswered() {
    return asked.ready().measure().unanswered();
  }

  @Override
  public Sink answered(int status, HttpHeaders received, long bodyLength) {
    instance.answered();
    Service service = asked.service();
    Refusal refusal = BackendFault.refusal(service, status, received);
    if (refusal != null) {
      plan.unfit(received);
      return new UnfitSink(refusal);
    }
    HttpHeaders headers = plan.queued(ServiceHeaders.toCaller(received));
    AnswerLabel.correct(asked.request(), headers);
    Exchange exchange = asked.exchange();
    boolean plain = !received.contains(HttpHeaderNames.CONTENT_ENCODING);
    StreamKind kind =
        plain && bodyLength < 0 ? ServiceHeaders.streamKind(received) : StreamKind.NONE;
    Tap tap = asked.ready().measure().open(status, received);
    AnswerCost cost = asked.fare().cost(tap::usage);
    cost.foreknown(headers);
    PassSink sink =
        new PassSink(
            exchange,
            status,
            headers,
            () -> bodyLength,
            tap,
            new ServiceWords(asked.form(), kind, exchange.request().id()));
    boolean waits =
        ServiceHeaders.streamKind(received) == StreamKind.NONE && cost.toldBy(headers, bodyLength);
    Sink passing =
        waits
            ? sink.waitingForWhole(AnswerCost.WHOLE_BYTES_MAX, () -> cost.put(headers))
            : sink.early();
    HeldSink.Judge doubt = AnswerDoubt.of(asked.request(), status, received, bodyLength);
    if (doubt == null) {
      served(status);
      return passing;
    }
    plan.unfit(received);
    return new HeldSink(passing, AnswerDoubt.BYTES_MAX, doubt, null);
  }

  private void served(int status) {
    String model = asked.model();
    if (model != null && status < 300) {
      instance.served(model);
    }
  }

  @Override
  public void over(Verdict verdict) {
    if (verdict instanceof Verdict.Failed(var failure) && (repeated || !failure.retryOnFresh())) {
      instance.over(failure);
    }
  }
}
