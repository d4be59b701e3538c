package dev.gatewright.handoff;

import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Outward;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.WholeBody;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.secret.Secret;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;
import dev.gatewright.share.Shares.Taken;

/// One exchange on its way through the portal; reads downwards: whose share → the body, whole → a
/// place → the portal, once more where a pooled connection had gone stale. Confined to the
/// exchange's event loop.
final class HandedOff implements HeldBody.Receiver, Plan {
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Outward outward;
  private final Exchange exchange;
  private final Upstream portal;
  private final Secret secret;
  private final HandoffTerms terms;
  private final Holder holder;
  private final Shares places;
  private final HeldBody body;
  private long placed;
  private long portalBytes;

  HandedOff(
      Outward outward, Exchange exchange, Upstream portal, Secret secret, HandoffTerms terms) {
    this.outward = outward;
    this.exchange = exchange;
    this.portal = portal;
    this.secret = secret;
    this.terms = terms;
    this.holder = terms.holder().apply(exchange.request());
    this.places = terms.placesOf(exchange.request());
    this.body = new HeldBody(terms.bodies(), holder, exchange.request().bodyLength(), this);
  }

  void begin() {
    RequestHead request = exchange.request();
    exchange.onEnded(_ -> body.abandon());
    if (request.hasBody()) {
      exchange.receive(body, terms.sizes().bodyBytesMax(request.method(), request.path()));
    } else {
      received(body);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    EdgeReply.refuse(exchange, refusal);
  }

  /// The request is complete: only now does it cost the portal anything. Who calls, the portal
  /// finds out: to the gate it is a call of nobody's key.
  @Override
  public void received(HeldBody whole) {
    if (!exchange.ended()) {
      new Call(outward, exchange, null, new WholeBody(whole), this).start();
    }
  }

  @Override
  public Step begin(Call call) {
    long bytes = body.bytes().readableBytes();
    Taken taken = places.take(holder, 1);
    if (taken == Taken.YES) {
      placed = 1;
      taken = terms.portalBytes().take(holder, bytes);
      portalBytes = taken == Taken.YES ? bytes : 0;
    }
    return taken == Taken.YES ? go(false) : new Step.Refuse(full(taken));
  }

  private Step go(boolean repeated) {
    return new Step.Go(new PortalLeg(exchange, portal, secret, repeated));
  }

  private static Refusal full(Taken why) {
    return why == Taken.SHARE_FULL
        ? Refusal.tooMany(
            "The control plane answers as many calls of this caller as it may at once.",
            RETRY_AFTER_SECONDS)
        : Refusal.overloaded("The control plane takes no more calls now.", RETRY_AFTER_SECONDS);
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Failed(UpstreamFailure failure)
          when failure.retryOnFresh() && leg instanceof PortalLeg asked && !asked.repeated() ->
          go(true);
      case Verdict.Failed(UpstreamFailure failure) -> new Step.Refuse(refusal(failure));
      case Verdict.Unfit _, Verdict.Passed _, Verdict.GivenUp _ -> verdict.refused();
    };
  }

  private static Refusal refusal(UpstreamFailure failure) {
    if (failure.timeout()) {
      return Refusal.timeout(failure.phase().code(), "The control plane did not answer in time.");
    }
    return switch (failure.phase()) {
      case POOL, CONNECT ->
          Refusal.overloaded("The control plane takes no more calls now.", RETRY_AFTER_SECONDS);
      case ADDRESS, SEND, FIRST_BYTE, IDLE ->
          Refusal.upstream("The control plane did not give a whole answer.");
    };
  }

  @Override
  public void refuse(Refusal refusal) {
    EdgeReply.refuse(exchange, refusal);
  }

  @Override
  public void over() {
    places.give(holder, placed);
    terms.portalBytes().give(holder, portalBytes);
  }
}
