package dev.gatewright.service.plan;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.service.answer.BackendFault;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.QueuePlace;
import dev.gatewright.service.backend.Service;
import dev.gatewright.telemetry.Time;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A call of a service: its turn in the queue, the instance that is free then, once more where a
/// pooled connection had gone stale. Confined to the exchange's event loop.
public final class ServicePlan implements Plan, QueuePlace.Owner {
  /// What a service is asked for, and how its refusals read: a request or a socket.
  public interface Asked {
    Exchange exchange();

    Caller caller();

    Service service();

    /// An instance that has it loaded is preferred; null = any will do.
    @Nullable String model();

    /// What its caller's limits, and the service's, are asked for.
    ///
    /// @param costNano what it costs by that estimate, in nano-USD
    Demand demand(LongSupplier costNano);

    /// What it comes to by the same estimate.
    Usage expected();

    /// What it costs.
    ServiceFare fare();

    /// What its row says of it; not yet what it costs.
    Opening opening(int ordinal);

    /// @param repeated a connection had gone stale
    Leg leg(ServicePlan plan, Instance on, boolean repeated);

    /// @param headers of the refusal, and whatever else goes with it
    void refuse(Refusal refusal, HttpHeaders headers);

    /// The call is over.
    default void over() {}
  }

  private final Asked asked;
  private final LimitGate limits;
  private final Time time;
  private final QueuePlace place;
  private @Nullable Call call;
  private @Nullable Instance instance;
  private @Nullable HttpHeaders unfit;
  private boolean repeated;

  /// @param limits tell what an estimate costs
  public ServicePlan(Asked asked, LimitGate limits, Time time) {
    this.asked = asked;
    this.limits = limits;
    this.time = time;
    this.place =
        new QueuePlace(
            asked.service(),
            asked.caller().id(),
            asked.model(),
            asked.exchange().eventLoop(),
            time,
            this);
  }

  @Override
  public Demand demand() {
    return asked.demand(this::costNano);
  }

  private long costNano() {
    return limits.costNano(opening(0), asked.expected());
  }

  @Override
  public Step begin(Call begun) {
    Refusal refusal = asked.fare().refusal(time.millis());
    if (refusal != null) {
      return new Step.Refuse(refusal);
    }
    call = begun;
    place.enter();
    return new Step.Wait();
  }

  /// What a leg's row says of it, with what it is priced by and what is kept aside.
  public Opening opening(int ordinal) {
    return asked.fare().of(asked.opening(ordinal));
  }

  /// Money is reserved before anything is sent.
  public Leg.Durable durable() {
    return asked.fare().durable();
  }

  /// What the caller is told when the opening cannot be taken.
  public Refusal untaken(Throwable cause) {
    return asked.fare().untaken(cause);
  }

  @Override
  public void turn(Instance free) {
    instance = free;
    take(new Step.Go(asked.leg(this, free, false)));
  }

  @Override
  public void refused(Refusal refusal) {
    take(new Step.Refuse(refusal));
  }

  private void take(Step step) {
    Call waiting = call;
    if (waiting != null) {
      waiting.guarded(() -> waiting.take(step));
    }
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    Instance on = instance;
    return switch (verdict) {
      case Verdict.Failed stale when stale.failure().retryOnFresh() && !repeated && on != null -> {
        repeated = true;
        yield new Step.Go(asked.leg(this, on, true));
      }
      case Verdict.Failed _, Verdict.Unfit _, Verdict.Passed _, Verdict.GivenUp _ ->
          verdict.refused();
    };
  }

  /// The head of an answer the caller may not get: what clients go by when they try again is kept.
  public void unfit(HttpHeaders received) {
    unfit = received;
  }

  @Override
  public void refuse(Refusal refusal) {
    HttpHeaders headers = queued(EdgeReply.headers(refusal));
    asked.fare().put(refusal, headers);
    asked.refuse(refusal, unfit == null ? headers : BackendFault.keepRetries(unfit, headers));
  }

  /// Adds what an answer says of a wait.
  public HttpHeaders queued(HttpHeaders headers) {
    return place.write(headers);
  }

  @Override
  public void over() {
    place.leave();
    asked.over();
  }
}
