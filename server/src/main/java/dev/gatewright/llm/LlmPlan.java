package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.Ladder;
import dev.gatewright.credential.Payer;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Rung;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.body.PricedFields;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.LlmReply;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.Choice;
import dev.gatewright.llm.route.OwnRoutes;
import dev.gatewright.llm.route.Payment;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.fare.Behind;
import dev.gatewright.price.fare.Broke;
import dev.gatewright.price.fare.UnpricedCalls;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A live call to a model: its first target; once more where a pooled connection had gone stale, or
/// where the provider takes exception to the field we added; the next target where one said 200 and
/// then failed before the caller saw a byte. Confined to the exchange's event loop.
final class LlmPlan implements Plan {
  /// An answer that may be no longer is none.
  private static final int CAP_LEAST = 16;

  /// Others take from the same purse meanwhile.
  private static final int SHRINKS_MAX = 3;

  private final LlmPlane plane;
  private final Endpoint endpoint;
  private final Exchange exchange;
  private final Caller caller;
  private final OwnRoutes own;
  private final PeekedBody peeked;
  private final Supplier<ByteBuf> body;
  private final Payment payment;
  private final Measure measure;
  private final Choice.Chosen first;
  private final List<LlmLeg> tried = new ArrayList<>(1);
  private @Nullable Call call;
  private @Nullable Broke broke;

  /// The output cap of a call that names none, where credit or a budget limits it; negative = none.
  private long cap = -1;

  private long searches;
  private int shrinks;

  /// @param body as it came; asked before anything is sent
  /// @param first its circuit is acquired
  LlmPlan(
      LlmPlane plane,
      Endpoint endpoint,
      Exchange exchange,
      Caller caller,
      OwnRoutes own,
      PeekedBody peeked,
      Supplier<ByteBuf> body,
      Payment payment,
      Choice.Chosen first) {
    this.plane = plane;
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.caller = caller;
    this.peeked = peeked;
    this.body = body;
    this.own = own;
    this.payment = payment;
    this.measure = Measure.ofModel(endpoint.meter(), peeked.inputTokensEstimate());
    this.first = first;
    if (!peeked.serviceTier().isEmpty()) {
      measure.tierAsked();
    }
  }

  @Override
  public Demand demand() {
    return LlmDemand.of(endpoint, peeked, this::costNano);
  }

  /// What it would cost at its first target if it came to what is estimated.
  private long costNano() {
    LlmLeg leg = new LlmLeg(this, first, false, null, -1);
    Demand demand = LlmDemand.of(endpoint, peeked, () -> 0);
    return plane
        .outward()
        .limits()
        .costNano(
            leg.opening(0),
            new Usage(demand.inputTokens(), demand.outputTokens(), 0, 0, 0, Source.COUNTED));
  }

  @Override
  public void over() {
    if (call == null) {
      first.circuit().ignored();
    }
  }

  @Override
  public Step begin(Call begun) {
    call = begun;
    return go(first, false);
  }

  private Step go(Choice.Chosen chosen, boolean fresh) {
    return switch (chosen.payer()) {
      case Payer.Configured _ -> leg(chosen, fresh, null);
      case Payer.Brought(Secret secret) -> leg(chosen, fresh, secret);
      case Payer.Stored(Credential stored) -> {
        Opened held = plane.credentials().openHeld(stored);
        if (held == null) {
          plane
              .credentials()
              .open(stored, exchange.eventLoop(), opened -> resume(chosen, fresh, stored, opened));
        }
        yield held == null ? new Step.Wait() : opened(chosen, fresh, stored, held);
      }
    };
  }

  private Step leg(Choice.Chosen chosen, boolean fresh, @Nullable Secret secret) {
    Long own = caller.spending().outputTokensMax();
    if (own != null && capless(chosen)) {
      cap = least(cap, own);
    }
    if (!limited(chosen)) {
      return go(new LlmLeg(this, chosen, fresh, secret, cap));
    }
    Charge charge = charge(chosen.target());
    Refusal refusal = charge != null ? unfit(charge) : unpriced(chosen);
    if (refusal != null) {
      chosen.circuit().ignored();
      return new Step.Refuse(refusal);
    }
    if (charge != null && capless(chosen)) {
      cap = least(cap, plane.charges().outputCap(charge));
    }
    return go(new LlmLeg(this, chosen, fresh, secret, cap));
  }

  /// It writes, and the request does not say how much at most.
  private boolean capless(Choice.Chosen chosen) {
    return chosen.target().provider().capField(endpoint) != null && peeked.outputTokensMax() < 0;
  }

  private static long least(long cap, long other) {
    return cap < 0 ? other : Math.min(cap, other);
  }

  private boolean walletPays(Choice.Chosen chosen) {
    return behind(chosen.payer().rung(), plane.time().millis()).wallet() != null;
  }

  private Step go(LlmLeg leg) {
    tried.add(leg);
    return new Step.Go(leg);
  }

  /// What the request asks for beside tokens, and what of it nobody knows the price of.
  private @Nullable Refusal unfit(Charge charge) {
    if (peeked.cap().odd()) {
      return Refusal.invalid(
          "max_tokens: no whole number (expected: an output cap of tokens)", "max_tokens");
    }
    PriceEntry entry = plane.charges().entry(charge);
    if (entry == null) {
      return null;
    }
    PricedFields asks = PricedFields.of(endpoint, body.get(), entry.freeFields(), entry::prices);
    searches = asks.searches();
    return asks.refusal();
  }

  private @Nullable Refusal unpriced(Choice.Chosen chosen) {
    return plane
        .charges()
        .unpriced()
        .refusal(
            caller.tenant().organizationId(),
            caller.spending().allowUnpriced(),
            payment.view().allowUnpriced(),
            walletPays(chosen),
            new UnpricedCalls.Lack(
                "%s has no price, and credit or a budget limits this call (expected: a model with a price)."
                    .formatted(Refusal.shown(chosen.target().name())),
                "model",
                "Who runs the platform can give it a price."));
  }

  /// The same once more with a smaller cap of the gate's own; null = it would be too small.
  @Nullable Step smaller(LlmLeg refused, long fits, @Nullable Secret secret) {
    if (fits < CAP_LEAST || fits >= cap || shrinks++ >= SHRINKS_MAX) {
      return null;
    }
    cap = fits;
    tried.remove(refused);
    return go(new LlmLeg(this, refused.chosen(), refused.fresh(), secret, cap));
  }

  /// Web searches it may make at most.
  long searches() {
    return searches;
  }

  /// A wallet pays for it, or a hard budget counts it.
  private boolean limited(Choice.Chosen chosen) {
    return behind(chosen.payer().rung(), plane.time().millis()).limits();
  }

  private Step opened(Choice.Chosen chosen, boolean fresh, Credential stored, Opened opened) {
    if (opened instanceof Opened.Value(Secret secret)) {
      return leg(chosen, fresh, secret);
    }
    chosen.circuit().ignored();
    return new Step.Refuse(Ladder.unreadable(stored, opened));
  }

  /// The key that seals it had to be fetched.
  private void resume(Choice.Chosen chosen, boolean fresh, Credential stored, Opened opened) {
    Call waiting = call;
    if (waiting == null || exchange.ended()) {
      chosen.circuit().ignored();
    } else {
      waiting.guarded(() -> waiting.take(opened(chosen, fresh, stored, opened)));
    }
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
    return plane.router().choose(caller, own, peeked.model(), endpoint, payment, targets)
            instanceof Choice.Chosen chosen
        ? go(chosen, false)
        : new Step.Refuse(refusal);
  }

  @Override
  public void refuse(Refusal refusal) {
    HttpHeaders headers = EdgeReply.headers(refusal);
    Broke told = broke;
    if (told != null && told.refusal().equals(refusal)) {
      told.put(headers::set);
    }
    LlmReply.refuse(exchange, endpoint.dialect(), refusal, headers);
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

  private @Nullable Charge charge(Target target) {
    return plane.charges().of(target.name(), target.catalogued(), "", plane.time().millis());
  }

  /// What can run out behind a call opened now.
  Behind behind(Rung rung, long atMillis) {
    return plane.charges().behind(caller.tenant(), caller.id(), caller.personId(), rung, atMillis);
  }

  /// The caller asks for what it cost in the stream itself.
  boolean tellsCost() {
    return peeked.stream() && UsageCostHeader.asks(exchange.request().headers());
  }

  /// Why a purse had no room for it.
  void broke(Broke why) {
    broke = why;
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
