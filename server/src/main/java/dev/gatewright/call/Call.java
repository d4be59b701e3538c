package dev.gatewright.call;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Exchange.Ended;
import dev.gatewright.edge.FaultLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.site.SiteConfig;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.limit.Limited;
import dev.gatewright.limit.Whose;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.limit.term.Used;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One outward call, from the moment it is decided upon to its end, whoever ends it: the other
/// side, the caller by leaving, the key by being revoked, the process by stopping, a bug. Asks its
/// [Plan] what to try, and again while the caller has seen nothing. Over exactly once, when its
/// exchange is. Confined to the exchange's event loop.
public final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final Outward outward;
  private final Exchange exchange;
  private final @Nullable Caller caller;
  private final Body body;
  private final Plan plan;
  private @Nullable Live live;
  private @Nullable Try current;
  private int tries;
  private Hold hold = Hold.NONE;
  private Used used = Used.NOTHING;
  private boolean over;

  /// @param caller whose key ends the call when it ends itself; null = no key is known
  /// @param body taken over
  public Call(Outward outward, Exchange exchange, @Nullable Caller caller, Body body, Plan plan) {
    this.outward = outward;
    this.exchange = exchange;
    this.caller = caller;
    this.body = body;
    this.plan = plan;
  }

  public void start() {
    exchange.access().call();
    exchange.onEnded(this::ended);
    exchange.onDeadline(this::stopping);
    exchange.onWritability(this::pace);
    if (over) {
      return;
    }
    if (caller != null) {
      live = outward.liveCalls().enter(caller, exchange.eventLoop(), this::keyEnded);
      if (outward.limits().any(caller.tenant().organizationId())) {
        limit(caller);
        return;
      }
    }
    take(plan.begin(this));
  }

  /// Between rules and reservation: asks the limits behind the call.
  private void limit(Caller who) {
    SiteConfig site = exchange.request().site();
    Demand demand = site == null ? plan.demand() : plan.demand().through(site.limitsClass());
    outward
        .limits()
        .take(
            new Whose(who.tenant(), who.id(), who.personId()),
            demand,
            exchange.eventLoop(),
            limited -> guarded(() -> limited(demand.family(), limited)));
  }

  private void limited(LimitHeaders family, Limited answer) {
    if (over) {
      answer.hold().settle(Used.NOTHING);
      return;
    }
    hold = answer.hold();
    exchange.onHead(headers ->
        answer.headers(
            family, outward.time().instant(), (name, value) -> headers.set(name, value)));
    switch (answer) {
      case Limited.Passed _ -> take(plan.begin(this));
      case Limited.Refused refused -> plan.refuse(refused.refusal());
    }
  }

  /// The plan has decided, now or after a wait.
  public void take(Step step) {
    if (over) {
      return;
    }
    switch (step) {
      case Step.Go(Leg leg) -> {
        Try next = new Try(this, leg, tries++);
        current = next;
        next.start();
      }
      case Step.Wait() -> {}
      case Step.Refuse(Refusal refusal) -> plan.refuse(refusal);
    }
  }

  /// The try could not be recorded: it never was one.
  void untried(Step step) {
    tries--;
    take(step);
  }

  /// The try is closed and the caller has seen nothing of it.
  void came(Leg leg, Verdict verdict) {
    take(plan.next(leg, verdict));
  }

  /// What a try has come to, for the limits behind the call.
  ///
  /// @param opening null = it left no row, and has no price
  /// @param sent whether anything was to go out at all
  @SuppressWarnings("ReferenceEquality") // One object stands for no hold.
  void used(@Nullable Opening opening, Usage usage, boolean sent) {
    if (hold != Hold.NONE) {
      long nano =
          opening != null && hold.countsMoney() ? outward.limits().costNano(opening, usage) : 0;
      used = used.and(new Used(usage.inputTokens(), usage.outputTokens(), nano, sent));
    }
  }

  private void pace() {
    if (current != null) {
      current.pace();
    }
  }

  private void stopping() {
    interrupt(
        End.INTERRUPTED,
        "shutting_down",
        Refusal.overloaded("The gate is shutting down; please try again.", 1));
  }

  private void keyEnded() {
    interrupt(End.CANCELLED, "key_ended", Refusal.badKey());
  }

  /// The gate ends the call.
  void interrupt(End how, @Nullable String reason, Refusal refusal) {
    if (over) {
      return;
    }
    if (reason != null) {
      exchange.access().reason(reason);
    }
    Try running = current;
    if (running == null || !running.interrupt(how, refusal)) {
      plan.refuse(refusal);
    }
  }

  /// Work for this call that the edge does not watch over: what it throws ends the call, and
  /// nothing else.
  public void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error bug) {
      FaultLog.write(LOG, exchange, "the call failed", bug);
      exchange.reset("internal");
    }
  }

  /// The exchange has ended: so has the call.
  private void ended(Ended how) {
    over = true;
    try {
      if (current != null) {
        current.abandon(how == Ended.GONE ? End.CANCELLED : End.INTERRUPTED);
      }
    } finally {
      body.release();
      if (live != null) {
        live.leave();
      }
      hold.settle(used);
      plan.ended(current == null ? null : current.outcome());
    }
  }

  public Outward outward() {
    return outward;
  }

  public Exchange exchange() {
    return exchange;
  }

  public Body body() {
    return body;
  }
}
