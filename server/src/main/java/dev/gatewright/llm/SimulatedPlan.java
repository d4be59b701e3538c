package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.BlindTap;
import dev.gatewright.call.Call;
import dev.gatewright.call.Ending;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Step;
import dev.gatewright.call.Tap;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.PassSink;
import dev.gatewright.call.sink.Words;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.LlmReply;
import dev.gatewright.llm.simulator.Simulator;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A test key's call: one try at the simulator. Waits for nothing durable, is recorded all the
/// same, with `test` on its row. What it answers passes as it is, errors too: they are what a
/// provider would have said. Confined to the exchange's event loop.
record SimulatedPlan(
    LlmPlane plane,
    Endpoint endpoint,
    Exchange exchange,
    Caller caller,
    PeekedBody peeked,
    Measure measure)
    implements Plan, Leg, Words {
  private static final String PROVIDER = "sim";

  SimulatedPlan(
      LlmPlane plane, Endpoint endpoint, Exchange exchange, Caller caller, PeekedBody peeked) {
    this(
        plane,
        endpoint,
        exchange,
        caller,
        peeked,
        Measure.ofModel(endpoint.meter(), peeked.inputTokensEstimate()));
  }

  @Override
  public Demand demand() {
    return LlmDemand.of(endpoint, peeked, () -> 0);
  }

  @Override
  public Step begin(Call call) {
    return new Step.Go(this);
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    return verdict.refused();
  }

  @Override
  public void refuse(Refusal refusal) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal);
  }

  @Override
  public Upstream upstream() {
    return plane.simulator();
  }

  @Override
  public Durable durable() {
    return Durable.WHENEVER;
  }

  @Override
  public boolean leaves() {
    return false;
  }

  @Override
  public Opening opening(int ordinal) {
    String model = Simulator.answers(peeked.model()) ? peeked.model() : Simulator.ECHO;
    return new Opening(
            exchange.request().id(),
            ordinal,
            true,
            true,
            caller.tenant(),
            caller.id(),
            peeked.model(),
            model,
            PROVIDER,
            endpoint.path(),
            peeked.stream(),
            true,
            plane.time().millis(),
            peeked.inputTokensEstimate())
        .with(caller.facets(""));
  }

  @Override
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    ByteBuf body = Objects.requireNonNull(whole);
    return new UpstreamRequest(
        "POST",
        endpoint.path(),
        exchange.request().headers(),
        body,
        body.readableBytes(),
        Timeouts.DEFAULT,
        false);
  }

  @Override
  public Sink answered(int status, HttpHeaders received, long bodyLength) {
    HttpHeaders headers = EdgeReply.newHeaders();
    headers.set(received);
    endpoint.dialect().answerHeaders(headers, exchange.request().id());
    Tap tap = status < 400 ? measure.answer(received) : new BlindTap();
    return new PassSink(exchange, status, headers, () -> bodyLength, tap, this).early();
  }

  @Override
  public Usage unanswered() {
    return measure.unanswered();
  }

  @Override
  public @Nullable Refusal instead(Ending ending) {
    return null;
  }

  @Override
  public @Nullable ByteBuf last(Refusal why) {
    return peeked.stream()
        ? Unpooled.wrappedBuffer(
            endpoint.dialect().errorEvent(endpoint, why, exchange.request().id()))
        : null;
  }

  @Override
  public void over(Verdict verdict) {}
}
