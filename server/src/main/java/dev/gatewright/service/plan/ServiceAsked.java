package dev.gatewright.service.plan;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Leg;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.Demand;
import dev.gatewright.service.answer.ErrorForm;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.ServiceRequest;
import dev.gatewright.telemetry.Time;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A request whose body has been looked at.
public record ServiceAsked(
    ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready, Time time)
    implements ServicePlan.Asked {
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
  public Demand demand() {
    return Demand.of(service().id(), ready.measure().unanswered().inputTokens());
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
