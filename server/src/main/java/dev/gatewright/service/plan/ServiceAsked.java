package dev.gatewright.service.plan;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Leg;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.call.tap.Meter;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.BodyAsks;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.ServiceRequest;
import dev.gatewright.telemetry.Time;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A request whose body has been looked at.
public record ServiceAsked(
    ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready, ServiceFare fare, Time time)
    implements ServicePlan.Asked {
  /// @param charges by which it is priced
  public static ServiceAsked of(
      ServiceRequest request,
      ErrorForm form,
      BodyRule.Look.Ready ready,
      Charges charges,
      Time time) {
    BodyAsks asks = ready.asks();
    ServiceFare.Use use =
        new ServiceFare.Use(
            ready.measure().meter(),
            request.endpoint().method().equals("POST"),
            ready.body().length(),
            asks.outputTokens(),
            asks.choices(),
            asks.images(),
            asks.characters(),
            ready.measure().audioMillis());
    String name = ServiceFare.name(request.service(), request.endpoint());
    return new ServiceAsked(
        request,
        form,
        ready,
        new ServiceFare(charges, request.caller(), request.paid(), name, use),
        time);
  }

  @Override
  public Exchange exchange() {
    return request.exchange();
  }

  @Override
  public Caller caller() {
    return request.caller();
  }

  @Override
  public Service service() {
    return request.service();
  }

  @Override
  public @Nullable String model() {
    return ready.model();
  }

  @Override
  public Demand demand(LongSupplier costNano) {
    return Demand.of(service().id(), ready.measure().unanswered().inputTokens(), costNano);
  }

  @Override
  public Usage expected() {
    Measure measure = ready.measure();
    BodyAsks asks = ready.asks();
    long input = measure.unanswered().inputTokens();
    Meter meter = measure.meter();
    return switch (meter) {
      case SPEECH -> Usage.of(Unit.CHARACTERS, Math.max(0, asks.characters()), Source.COUNTED);
      case PICTURES -> Usage.of(Unit.IMAGES, Math.max(1, asks.images()), Source.COUNTED);
      case RECORDING ->
          Usage.of(Unit.AUDIO_SECONDS, Math.max(0, measure.audioMillis()), Source.COUNTED);
      case EMBEDDINGS -> new Usage(input, 0, 0, 0, 0, Source.COUNTED);
      case TOKENS ->
          new Usage(
              input,
              input > 0 ? Demand.output(asks.outputTokens(), asks.choices()) : 0,
              0,
              0,
              0,
              Source.COUNTED);
      case NOTHING -> Usage.NOTHING;
    };
  }

  @Override
  public Opening opening(int ordinal) {
    String model = ready.model();
    String id = service().id();
    return new Opening(
            exchange().request().id(),
            ordinal,
            ordinal == 0,
            ordinal == 0,
            caller().tenant(),
            caller().id(),
            model == null ? id : model,
            id + "/" + (model == null ? "-" : model),
            id,
            "/{service}" + service().config().path().callerPath(request.endpoint().path()),
            ready.stream(),
            false,
            time.millis(),
            ready.measure().unanswered().inputTokens(),
            request.paid().rung())
        .with(caller().facets(id));
  }

  @Override
  public Leg leg(ServicePlan plan, Instance on, boolean repeated) {
    return new ServiceLeg(plan, this, on, repeated);
  }

  @Override
  public void refuse(Refusal refusal, HttpHeaders headers) {
    form.refuse(exchange(), refusal, headers);
  }
}
