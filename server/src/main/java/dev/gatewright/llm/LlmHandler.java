package dev.gatewright.llm;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.call.Call;
import dev.gatewright.call.Plan;
import dev.gatewright.call.WholeBody;
import dev.gatewright.call.once.Claim;
import dev.gatewright.call.once.IdempotencyKey;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.call.once.OnceName;
import dev.gatewright.call.once.OncePlan;
import dev.gatewright.call.once.Turn;
import dev.gatewright.credential.BroughtCredential;
import dev.gatewright.credential.CredentialDirectory.Found;
import dev.gatewright.credential.ProjectCredentials;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.FaultLog;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.ledger.Rung;
import dev.gatewright.llm.body.BodyPeek;
import dev.gatewright.llm.body.Peek;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.body.ProviderState;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.LlmReply;
import dev.gatewright.llm.route.Choice;
import dev.gatewright.llm.route.OwnRoutes;
import dev.gatewright.llm.route.Payment;
import dev.gatewright.llm.simulator.Simulator;
import dev.gatewright.store.TenantFacts;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One endpoint's way from the caller to an answer; reads downwards: key → encoding → what pays →
/// body → what the body asks for → is it the first of its name → where it goes. No body is read
/// before its key is accepted. Thread-safe.
final class LlmHandler implements EdgeHandler, Judge {
  private static final Logger LOG = LoggerFactory.getLogger(LlmHandler.class);
  private static final AsciiString BROUGHT = AsciiString.cached(BroughtCredential.HEADER);

  private final LlmPlane plane;
  private final Endpoint endpoint;

  LlmHandler(LlmPlane plane, Endpoint endpoint) {
    this.plane = plane;
    this.endpoint = endpoint;
  }

  @Override
  public void handle(Exchange exchange) {
    plane
        .admission()
        .admit(
            exchange,
            admitted -> {
              switch (admitted) {
                case Admitted.No(Refusal refusal, String _) -> refuse(exchange, refusal);
                case Admitted.Yes(Caller caller) -> look(exchange, caller);
              }
            });
  }

  @Override
  public boolean traced() {
    return true;
  }

  @Override
  public void reject(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal, headers);
  }

  private void look(Exchange exchange, Caller caller) {
    Refusal refusal = unsuitable(exchange, caller);
    if (refusal != null) {
      refuse(exchange, refusal);
      return;
    }
    plane
        .custom()
        .find(
            caller.tenant().organizationId(),
            exchange.eventLoop(),
            own -> {
              if (caller.test()) {
                // The simulator is free: a provider's credential is nothing it would look at.
                receive(exchange, new Asking(caller, own, null));
              } else {
                pay(exchange, caller, own);
              }
            },
            why -> refuse(exchange, why));
  }

  /// Who asks, once it is known what pays.
  ///
  /// @param own what the caller's organization has defined for itself
  /// @param payment null = a test key's call, which costs nothing
  private record Asking(Caller caller, OwnRoutes own, @Nullable Payment payment) {}

  /// What it may be paid with: from memory, or read while the loop goes on.
  private void pay(Exchange exchange, Caller caller, OwnRoutes own) {
    HttpHeaders headers = exchange.request().headers();
    if (!headers.contains(BROUGHT)) {
      pay(exchange, caller, own, null);
      return;
    }
    switch (BroughtCredential.read(headers::getAll)) {
      case BroughtCredential.Read.Wrong(Refusal refusal) -> refuse(exchange, refusal);
      case BroughtCredential.Read.None _ -> pay(exchange, caller, own, null);
      case BroughtCredential.Read.Good(BroughtCredential brought) ->
          pay(exchange, caller, own, brought);
    }
  }

  private void pay(
      Exchange exchange, Caller caller, OwnRoutes own, @Nullable BroughtCredential brought) {
    plane.payment(
        caller,
        brought,
        exchange.eventLoop(),
        payment -> receive(exchange, new Asking(caller, own, payment)),
        why -> refuse(exchange, why));
  }

  private void receive(Exchange exchange, Asking asking) {
    Caller caller = asking.caller;
    HeldBody held =
        new HeldBody(
            plane.heldBodies(),
            caller.holder(),
            exchange.request().bodyLength(),
            new HeldBody.Receiver() {
              @Override
              public void received(HeldBody body) {
                decide(exchange, asking, body);
              }

              @Override
              public void refused(Refusal why) {
                refuse(exchange, why);
              }
            });
    exchange.onEnded(_ -> held.abandon());
    exchange.receive(held, bodyBytesMax(caller));
  }

  private long bodyBytesMax(Caller caller) {
    return caller.test()
        ? Math.min(Simulator.BODY_BYTES_MAX, plane.bodyBytesMax())
        : plane.bodyBytesMax();
  }

  private @Nullable Refusal unsuitable(Exchange exchange, Caller caller) {
    Refusal wrongKind = wrongKind(caller);
    if (wrongKind != null) {
      return wrongKind;
    }
    String encoding = exchange.request().headers().get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Refusal.unsupportedMediaType(
          "content-encoding: a compressed body is not accepted (expected: none)");
    }
    Refusal unnamed = IdempotencyKey.refusal(exchange.request().headers());
    if (unnamed != null) {
      return unnamed;
    }
    Refusal odd = UsageCostHeader.refusal(exchange.request().headers());
    if (odd != null) {
      return odd;
    }
    if (!plane.attempts().accepting()) {
      return Refusal.overloaded("Calls cannot be recorded at the moment.", 1);
    }
    return null;
  }

  private static @Nullable Refusal wrongKind(Caller caller) {
    return caller.kind() == ApiKey.Kind.ADMIN
        ? Refusal.denied("An admin key cannot call models (expected: a live or a test key).")
        : null;
  }

  @Override
  public Judgement judge(Caller caller, Question question) {
    Refusal refusal = wrongKind(caller);
    String model = question.model();
    if (refusal != null || model == null) {
      return new Judgement.Refused(
          refusal == null
              ? Refusal.invalid("model: missing (expected: the model the call asks for)", "model")
              : refusal);
    }
    return switch (plane.custom().get(caller.tenant().organizationId())) {
      case TenantFacts.Found.Value<OwnRoutes>(OwnRoutes own) -> judge(caller, own, model, question);
      case TenantFacts.Found.Unavailable<OwnRoutes> _ ->
          new Judgement.Refused(CustomDirectory.unavailable());
    };
  }

  private Judgement judge(Caller caller, OwnRoutes own, String model, Question question) {
    if (caller.test()) {
      Refusal denied = plane.router().allowsTest(caller, own, model, endpoint);
      return denied == null
          ? new Judgement.Passes("sim/" + model, Rung.NONE)
          : new Judgement.Refused(denied);
    }
    return switch (plane.credentials().get(caller.tenant())) {
      case Found.Unavailable(Refusal no) -> new Judgement.Refused(no);
      case Found.View(ProjectCredentials view) -> {
        BroughtCredential brought =
            question.brings() ? BroughtCredential.imagined(question.provider()) : null;
        Payment payment = new Payment(view, brought);
        yield judge(plane.router().foresee(caller, own, model, endpoint, payment));
      }
    };
  }

  private static Judgement judge(Choice choice) {
    return switch (choice) {
      case Choice.Refused(Refusal no) -> new Judgement.Refused(no);
      case Choice.Chosen chosen ->
          new Judgement.Passes(chosen.target().name(), chosen.payer().rung());
    };
  }

  private void decide(Exchange exchange, Asking asking, HeldBody body) {
    switch (BodyPeek.at(body.bytes())) {
      case Peek.Unreadable(Refusal refusal) -> refuse(exchange, body, refusal);
      case PeekedBody peeked when peeked.providerState() != null ->
          refuse(exchange, body, ProviderState.refusal(peeked.providerState()));
      case PeekedBody peeked -> {
        Refusal beyond = beyondOwnCap(asking.caller, peeked);
        if (beyond != null) {
          refuse(exchange, body, beyond);
        } else {
          once(exchange, asking, body, peeked);
        }
      }
    }
  }

  /// A cap the caller names is never changed: above its key's own it is refused.
  private static @Nullable Refusal beyondOwnCap(Caller caller, PeekedBody peeked) {
    Long most = caller.spending().outputTokensMax();
    if (most == null) {
      return null;
    }
    String field = peeked.cap().named();
    if (peeked.cap().odd()) {
      return Refusal.invalid(
          "%s: no whole number (expected: at most %d, the key's own output cap)"
              .formatted(field, most),
          field);
    }
    return peeked.outputTokensMax() <= most
        ? null
        : new Refusal(
            403,
            "permission_error",
            "policy_denied",
            "%s: %d (expected: at most %d, the key's own output cap)"
                .formatted(field, peeked.outputTokensMax(), most),
            field,
            0,
            false,
            "Who may change the key can raise its max_output_tokens.");
  }

  /// A call that names itself runs when it is the first of that name.
  private void once(Exchange exchange, Asking asking, HeldBody body, PeekedBody peeked) {
    String key = IdempotencyKey.of(exchange.request().headers());
    if (key == null) {
      dispatch(exchange, asking, body, peeked, null);
      return;
    }
    Caller caller = asking.caller;
    OnceName name =
        OnceName.of(caller.tenant().organizationId(), caller.id(), endpoint.path(), key);
    plane
        .once()
        .claim(
            new OnceCalls.Asked(
                name, OnceName.bodyHash(body.bytes()), exchange.request().id(), peeked.model()),
            exchange.eventLoop(),
            claim -> {
              switch (claim) {
                case Claim.First(Turn turn) -> first(exchange, asking, body, peeked, turn);
                case Claim.Refused(Refusal why, String receipt) when receipt != null -> {
                  body.release();
                  LlmReply.refuse(exchange, endpoint.dialect(), why, "receipt", receipt);
                }
                case Claim.Refused(Refusal why, String _) -> refuse(exchange, body, why);
              }
            });
  }

  private void first(
      Exchange exchange, Asking asking, HeldBody body, PeekedBody peeked, Turn turn) {
    if (exchange.ended()) {
      turn.forget();
      return;
    }
    try {
      dispatch(exchange, asking, body, peeked, turn);
    } catch (RuntimeException | Error bug) {
      FaultLog.write(LOG, exchange, "the call failed", bug);
      exchange.reset("internal");
      turn.forget();
    }
  }

  private void simulate(
      Exchange exchange, Asking asking, HeldBody body, PeekedBody peeked, @Nullable Turn turn) {
    Caller caller = asking.caller;
    Refusal refusal = plane.router().allowsTest(caller, asking.own, peeked.model(), endpoint);
    if (refusal != null) {
      refuse(exchange, body, refusal, turn);
      return;
    }
    start(
        exchange, caller, body, new SimulatedPlan(plane, endpoint, exchange, caller, peeked), turn);
  }

  /// @param turn of a call that names itself; null = it does not
  private void dispatch(
      Exchange exchange, Asking asking, HeldBody body, PeekedBody peeked, @Nullable Turn turn) {
    Payment payment = asking.payment;
    if (payment == null) {
      simulate(exchange, asking, body, peeked, turn);
      return;
    }
    Caller caller = asking.caller;
    OwnRoutes own = asking.own;
    switch (plane.router().choose(caller, own, peeked.model(), endpoint, payment, List.of())) {
      case Choice.Refused(Refusal refusal) -> refuse(exchange, body, refusal, turn);
      case Choice.Chosen chosen ->
          start(
              exchange,
              caller,
              body,
              new LlmPlan(
                  plane, endpoint, exchange, caller, own, peeked, body::bytes, payment, chosen),
              turn);
    }
  }

  private void start(
      Exchange exchange, Caller caller, HeldBody body, Plan plan, @Nullable Turn turn) {
    new Call(
            plane.outward(),
            exchange,
            caller,
            new WholeBody(body),
            turn == null ? plan : new OncePlan(plan, turn))
        .start();
  }

  private void refuse(Exchange exchange, HeldBody body, Refusal refusal, @Nullable Turn turn) {
    if (turn != null) {
      turn.forget();
    }
    refuse(exchange, body, refusal);
  }

  private void refuse(Exchange exchange, HeldBody body, Refusal refusal) {
    body.release();
    refuse(exchange, refusal);
  }

  private void refuse(Exchange exchange, Refusal refusal) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal);
  }
}
