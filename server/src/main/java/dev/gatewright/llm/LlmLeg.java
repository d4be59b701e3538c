package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.call.sink.AnswerCost;
import dev.gatewright.call.sink.PassSink;
import dev.gatewright.call.sink.UnfitSink;
import dev.gatewright.call.tap.AnswerTap;
import dev.gatewright.call.tap.UsageChunkFilter;
import dev.gatewright.call.tap.UsageCostFilter;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.Sse;
import dev.gatewright.llm.provider.AnswerOpening;
import dev.gatewright.llm.provider.ErrorAnswer;
import dev.gatewright.llm.provider.ProviderRequest;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.Choice;
import dev.gatewright.price.fare.Broke;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.price.fare.Demand;
import dev.gatewright.price.fare.Reserved;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.answer.AnswerInflater;
import dev.gatewright.relay.circuit.Circuit;
import dev.gatewright.secret.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One target of a model call; its circuit hears how it went. Confined to the exchange's event
/// loop.
final class LlmLeg implements Leg {
  private static final int BAD_REQUEST = 400;
  private static final int UNPROCESSABLE = 422;

  private final LlmPlan plan;
  private final Choice.Chosen chosen;
  private final boolean fresh;
  private final @Nullable Secret secret;
  private final long cap;
  private final ProviderRequest request;
  private @Nullable ErrorAnswer error;

  /// What it is priced by and holds; null = nothing, or its opening has not been asked for.
  private @Nullable Reserved holding;

  /// As its row was opened.
  private @Nullable Opening opened;

  /// @param fresh the repetition after a connection had gone stale
  /// @param secret goes in place of the configured credential; null = that one
  /// @param cap the output cap it gets in the caller's place; negative = none
  LlmLeg(LlmPlan plan, Choice.Chosen chosen, boolean fresh, @Nullable Secret secret, long cap) {
    this.plan = plan;
    this.cap = cap;
    this.secret = secret;
    this.chosen = chosen;
    this.fresh = fresh;
    this.request =
        new ProviderRequest(
            plan.endpoint(),
            plan.exchange().request(),
            chosen.target(),
            plan.peeked(),
            secret,
            plan.plane().usageRefused(),
            cap);
  }

  Choice.Chosen chosen() {
    return chosen;
  }

  Target target() {
    return chosen.target();
  }

  boolean fresh() {
    return fresh;
  }

  /// The provider names the field that asks for the usage as its reason to refuse.
  boolean usageRefused() {
    return error != null && error.namesUsage();
  }

  @Override
  public Upstream upstream() {
    return target().upstream();
  }

  @Override
  public Opening opening(int ordinal) {
    Opening opening =
        new Opening(
                plan.exchange().request().id(),
                ordinal,
                plan.firstOnTarget(this),
                plan.firstOnProvider(this),
                plan.caller().tenant(),
                plan.caller().id(),
                plan.peeked().model(),
                target().name(),
                target().provider().id(),
                plan.endpoint().path(),
                plan.peeked().stream(),
                false,
                plan.plane().time().millis(),
                plan.peeked().inputTokensEstimate(),
                chosen.payer().rung())
            .with(plan.caller().facets(""));
    Charge charge = charge(opening);
    Opening all = charge == null ? opening : opening.with(charge);
    opened = all;
    return all;
  }

  /// What it is priced by; null = nothing is, and its row does not miss it.
  private @Nullable Charge charge(Opening opening) {
    Charges charges = plan.plane().charges();
    if (charges.none()) {
      return null;
    }
    Charge charge =
        charges.of(
            opening.target(),
            target().catalogued(),
            plan.peeked().serviceTier(),
            opening.startedMillis());
    if (charge == null) {
      // Counting tokens costs nothing anywhere.
      return plan.endpoint() == Endpoint.COUNT_TOKENS ? null : Charge.UNPRICED;
    }
    Reserved reserved =
        charges.reserved(charge, plan.behind(opening.rung(), opening.startedMillis()), demand());
    holding = reserved;
    return reserved.charge();
  }

  private Demand demand() {
    PeekedBody peeked = plan.peeked();
    boolean writes =
        switch (plan.endpoint()) {
          case CHAT, RESPONSES, MESSAGES, IMAGES -> true;
          case EMBEDDINGS, COUNT_TOKENS -> false;
        };
    return Demand.ofModel(
        peeked.bytes(),
        peeked.inputTokensEstimate(),
        !writes ? 0 : cap >= 0 ? cap : peeked.outputTokensMax(),
        peeked.choices(),
        plan.searches());
  }

  @Override
  public Durable durable() {
    return holding != null && holding.holds() ? Durable.BEFORE_SENDING : Durable.BEFORE_ANSWERING;
  }

  @Override
  public Step instead(Throwable cause) {
    Reserved asked = holding;
    if (cap >= 0 && asked != null && cause instanceof InsufficientFunds funds) {
      long fits = plan.plane().charges().fits(asked, funds.roomNano());
      Step smaller = plan.smaller(this, fits, secret);
      if (smaller != null) {
        return smaller;
      }
    }
    return Leg.super.instead(cause);
  }

  @Override
  public Refusal untaken(Throwable cause) {
    Reserved asked = holding;
    if (!(cause instanceof InsufficientFunds funds) || asked == null) {
      return Refusal.overloaded("Calls cannot be recorded at the moment.", 1);
    }
    Broke broke =
        plan.plane().charges().broke(asked, funds, plan.caller().tenant().organizationId());
    plan.broke(broke);
    return broke.refusal();
  }

  @Override
  public UpstreamRequest request(@Nullable ByteBuf whole) {
    return request.build(Objects.requireNonNull(whole), fresh);
  }

  @Override
  public Usage unanswered() {
    return plan.measure().unanswered();
  }

  @Override
  public Sink answered(int status, HttpHeaders received, long bodyLength) {
    Dialect dialect = plan.endpoint().dialect();
    String provider = target().provider().id();
    Refusal refusal = AnswerOpening.refusal(provider, chosen.payer(), status);
    if (refusal != null) {
      return new UnfitSink(refusal);
    }
    Exchange exchange = plan.exchange();
    HttpHeaders headers =
        AnswerOpening.headers(received, dialect, exchange.request(), changed(status));
    if (status >= 400) {
      boolean asked = request.asksUsage() && (status == BAD_REQUEST || status == UNPROCESSABLE);
      ErrorAnswer held =
          new ErrorAnswer(exchange, dialect, provider, chosen.payer(), status, headers, asked);
      error = held;
      return held;
    }
    relabel(headers);
    return passing(status, headers, bodyLength, plan.measure().answer(received));
  }

  /// What the gate writes, in the request and in the answer.
  private List<String> changed(int status) {
    Charge charge = opened == null ? null : opened.charge();
    boolean costed =
        status < 300 && plan.tellsCost() && charge != null && !charge.version().isEmpty();
    if (!costed) {
      return request.changed();
    }
    List<String> all = new ArrayList<>(request.changed());
    all.add("usage.cost");
    return all;
  }

  /// A web page is none of a model's answers, and must not be taken for one by a browser.
  private void relabel(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    if (type.regionMatches(true, 0, "text/html", 0, 9)) {
      headers.set(
          HttpHeaderNames.CONTENT_TYPE,
          plan.peeked().stream() ? Sse.CONTENT_TYPE : "application/json");
    }
  }

  private Sink passing(int status, HttpHeaders headers, long bodyLength, AnswerTap tap) {
    // Many a server puts the wrong label on a stream: what was asked for counts as well.
    boolean stream =
        (Sse.isStream(headers.get(HttpHeaderNames.CONTENT_TYPE)) || plan.peeked().stream())
            && AnswerInflater.plain(headers.get(HttpHeaderNames.CONTENT_ENCODING));
    LlmWords words = new LlmWords(plan, target().provider().id(), chosen.payer(), stream);
    AnswerCost cost = new AnswerCost(plan.plane().charges(), opened, tap::usage);
    cost.foreknown(headers);
    if (!stream) {
      PassSink whole = new PassSink(plan.exchange(), status, headers, () -> bodyLength, tap, words);
      return cost.toldBy(headers, bodyLength)
          ? whole.waitingForWhole(AnswerCost.WHOLE_BYTES_MAX, () -> cost.put(headers))
          : whole;
    }
    // An error event may have to follow what the provider announced: the length stays open.
    PassSink sink =
        new PassSink(
            plan.exchange(),
            status,
            headers,
            () -> tap.mayBeEvents() ? -1 : bodyLength,
            tap,
            words);
    sink.keptAlive(
        () -> Unpooled.wrappedBuffer(plan.endpoint().dialect().keepalive()),
        plan.plane().time()::nanos,
        plan.plane().keepaliveNanos());
    if (plan.tellsCost()) {
      return sink.sieved(out -> new UsageCostFilter(tap, ByteBufAllocator.DEFAULT, out, cost::usd));
    }
    return request.asksUsage()
        ? sink.sieved(out -> new UsageChunkFilter(tap, ByteBufAllocator.DEFAULT, out))
        : sink;
  }

  @Override
  public void begun() {
    chosen.circuit().begun();
  }

  @Override
  public void over(Verdict verdict) {
    switch (verdict) {
      case Verdict.Passed(int status, Ending ending) when status < 300 -> ended(ending);
      case Verdict.Passed(int status, Ending _) -> answered(status);
      // A good status that turned out to be none.
      case Verdict.Unfit(int status, Refusal refusal) ->
          answered(status < 300 ? refusal.status() : status);
      case Verdict.Failed(UpstreamFailure failure) -> failed(failure);
      case Verdict.GivenUp() -> circuit().ignored();
    }
  }

  private void ended(Ending ending) {
    switch (ending) {
      case Ending.Complete() -> circuit().success();
      case Ending.Failed(String _, int status) -> answered(status);
      case Ending.Unfinished() -> circuit().failure(Circuit.Failure.OF_THE_CALL, key());
    }
  }

  private void answered(int status) {
    if (status < 500) {
      circuit().success();
    } else {
      circuit().failure(Circuit.Failure.ofStatus(status), key());
    }
  }

  private void failed(UpstreamFailure failure) {
    if (failure.retryOnFresh() && !fresh) {
      circuit().ignored();
      return;
    }
    switch (failure.phase()) {
      case CONNECT, FIRST_BYTE -> circuit().failure(Circuit.Failure.OF_THE_UPSTREAM, key());
      case SEND -> circuit().failure(Circuit.Failure.OF_THE_CALL, key());
      case POOL, ADDRESS, IDLE -> circuit().ignored();
    }
  }

  private Circuit circuit() {
    return chosen.circuit();
  }

  private String key() {
    return plan.caller().id();
  }
}
