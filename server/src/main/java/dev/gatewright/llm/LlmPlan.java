package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.LlmReply;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.Choice;
import java.util.ArrayList;
import java.util.List;

/// A live call to a model: its first target; once more where a pooled connection had gone stale, or
/// where the provider takes exception to the field we added; the next target where one said 200 and
/// then failed before the caller saw a byte. Confined to the exchange's event loop.
final class LlmPlan implements Plan {
  private final LlmPlane plane;
  private final Endpoint endpoint;
  private final Exchange exchange;
  private final Caller caller;
  private final PeekedBody peeked;
  private final Measure measure;
  private final Choice.Chosen first;
  private final List<LlmLeg> tried = new ArrayList<>(1);

  /// @param first its circuit is acquired
  LlmPlan(
      LlmPlane plane,
      Endpoint endpoint,
      Exchange exchange,
      Caller caller,
      PeekedBody peeked,
      Choice.Chosen first) {
    this.plane = plane;
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.caller = caller;
    this.peeked = peeked;
    this.measure = Measure.ofModel(endpoint.meter(), peeked.inputTokensEstimate());
    this.first = first;
  }

  @Override
  public Step begin(Call call) {
    return go(first, false);
  }

  private Step go(Choice.Chosen chosen, boolean fresh) {
    LlmLeg leg = new LlmLeg(this, chosen, fresh);
    tried.add(leg);
    return new Step.Go(leg);
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    LlmLeg last = tried.getLast();
    return switch (verdict) {
      case Verdict.Failed stale when stale.failure().retryOnFresh() && !last.fresh() ->
          go(last.chosen(), true);
      case Verdict.Failed _ -> verdict.refused();
      case Verdict.Unfit _ when last.usageRefused() -> {
        plane.usageRefused().add(last.target());
        yield go(last.chosen(), false);
      }
      case Verdict.Unfit(int status, Refusal refusal) when status < 300 -> elsewhere(refusal);
      case Verdict.Unfit _, Verdict.Passed _, Verdict.GivenUp _ -> verdict.refused();
    };
  }

  private Step elsewhere(Refusal refusal) {
    List<Target> targets = tried.stream().map(LlmLeg::target).toList();
    return plane.router().choose(caller, peeked.model(), endpoint, targets)
            instanceof Choice.Chosen chosen
        ? go(chosen, false)
        : new Step.Refuse(refusal);
  }

  @Override
  public void refuse(Refusal refusal) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal);
  }

  /// No earlier try of this call went to this target.
  boolean firstOnTarget(LlmLeg leg) {
    return tried.size() == 1
        || tried.stream().noneMatch(each -> each != leg && each.target().equals(leg.target()));
  }

  boolean firstOnProvider(LlmLeg leg) {
    String id = leg.target().provider().id();
    return tried.size() == 1
        || tried.stream()
            .noneMatch(each -> each != leg && each.target().provider().id().equals(id));
  }

  LlmPlane plane() {
    return plane;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Exchange exchange() {
    return exchange;
  }

  Caller caller() {
    return caller;
  }

  PeekedBody peeked() {
    return peeked;
  }

  Measure measure() {
    return measure;
  }
}
