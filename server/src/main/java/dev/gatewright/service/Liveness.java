package dev.gatewright.service;

import dev.gatewright.call.BlindTap;
import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.HeldSink;
import dev.gatewright.call.sink.PassSink;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.answer.ServiceHeaders;
import dev.gatewright.service.answer.ServiceWords;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.preset.StreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An instance's health route, asked for a caller: waits in no queue, leaves no row. Its answer is
/// short, or none. Confined to the exchange's event loop.
///
/// @param repeated a connection had gone stale
record Liveness(Exchange exchange, Service service, Instance instance, boolean repeated)
    implements Plan, Leg {
  static final int BYTES_MAX = 64 * 1024;

  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @Override
  public Step begin(Call call) {
    return new Step.Go(this);
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Failed stale
          when stale.failure().retryOnFresh()
              && leg instanceof Liveness asked
              && !asked.repeated() ->
          new Step.Go(new Liveness(exchange, service, instance, true));
      case Verdict.Failed _, Verdict.Unfit _, Verdict.Passed _, Verdict.GivenUp _ ->
          verdict.refused();
    };
  }

  @Override
  public void refuse(Refusal refusal) {
    EdgeReply.refuse(exchange, refusal);
  }

  @Override
  public Upstream upstream() {
    return instance.upstream();
  }

  @Override
  public @Nullable Opening opening(int ordinal) {
    return null;
  }

  @Override
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    return new UpstreamRequest(
        exchange.request().method(),
        instance.url().path() + service.preset().probe().path(),
        ServiceHeaders.toBackend(EdgeReply.newHeaders(), service.config().credential()),
        Unpooled.EMPTY_BUFFER,
        0,
        PHASES,
        repeated);
  }

  @Override
  public Sink answered(int status, HttpHeaders headers, long bodyLength) {
    instance.answered();
    Sink passing =
        new PassSink(
            exchange,
            status,
            ServiceHeaders.toCaller(headers),
            () -> bodyLength,
            new BlindTap(),
            new ServiceWords(ErrorForm.PLAIN, StreamKind.NONE, exchange.request().id()));
    Refusal tooLong =
        Refusal.upstream(
            "The service `%s` says more of its health than it should (expected: at most %d bytes)."
                .formatted(service.id(), BYTES_MAX));
    return new HeldSink(passing, BYTES_MAX, _ -> null, tooLong);
  }

  @Override
  public void over(Verdict verdict) {
    if (verdict instanceof Verdict.Failed(var failure) && (repeated || !failure.retryOnFresh())) {
      instance.over(failure);
    }
  }
}
