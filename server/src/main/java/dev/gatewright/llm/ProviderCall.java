package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.call.Ending;
import dev.gatewright.call.tap.AnswerTap;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.relay.AnswerInflater;
import dev.gatewright.relay.Circuit;
import dev.gatewright.relay.UpstreamFailure;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A live call from its dispatch to its end, whoever ends it: the provider, the caller by leaving,
/// the key by being revoked, the process by stopping. One attempt, or two when the first met a
/// connection that had gone stale. Confined to the exchange's event loop.
final class ProviderCall {
  private final LlmPlane plane;
  private final Endpoint endpoint;
  private final Exchange exchange;
  private final Caller caller;
  private final PeekedBody peeked;
  private final HeldBody body;
  private final Target target;
  private final Circuit circuit;
  private final ProviderRequest request;
  private @Nullable ProviderAttempt attempt;
  private @Nullable Live live;
  private final Measure measure;
  private boolean circuitTold;
  private boolean over;

  /// @param body taken over
  /// @param chosen its circuit is acquired; this call reports to it
  ProviderCall(
      LlmPlane plane,
      Endpoint endpoint,
      Exchange exchange,
      Caller caller,
      PeekedBody peeked,
      HeldBody body,
      Choice.Chosen chosen) {
    this.plane = plane;
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.caller = caller;
    this.peeked = peeked;
    this.body = body;
    this.target = chosen.target();
    this.circuit = chosen.circuit();
    this.measure = Measure.ofModel(endpoint.meter(), peeked.inputTokensEstimate());
    this.request = new ProviderRequest(endpoint, exchange.request(), target, peeked);
  }

  void start() {
    exchange.onGone(this::callerLeft);
    exchange.onDeadline(this::stopping);
    exchange.onWritability(this::pace);
    if (over) {
      return;
    }
    Live entered =
        plane.admission().liveCalls().enter(caller, exchange.eventLoop(), this::keyEnded);
    if (over) {
      entered.leave();
      return;
    }
    live = entered;
    attempt(0);
  }

  private void attempt(int ordinal) {
    ProviderAttempt next = new ProviderAttempt(this, ordinal);
    attempt = next;
    next.start();
  }

  private void pace() {
    if (attempt != null) {
      attempt.pace();
    }
  }

  private void callerLeft() {
    if (over) {
      return;
    }
    exchange.access().reason("caller_left");
    if (attempt != null) {
      attempt.abandon();
    }
    over();
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

  private void interrupt(End end, String reason, Refusal refusal) {
    if (over) {
      return;
    }
    exchange.access().reason(reason);
    if (attempt != null) {
      attempt.interrupt(end, refusal);
    } else {
      LlmReply.refuse(exchange, endpoint.dialect(), refusal);
    }
    over();
  }

  /// The provider's status is known: the circuit hears of it, the body is not needed again.
  void headCame(int status) {
    if (status >= 500) {
      tellCircuit(false);
    } else if (status >= 300) {
      tellCircuit(true);
    }
    body.release();
  }

  /// The answer is one, or has ended.
  void answered(Ending ending) {
    tellCircuit(
        switch (ending) {
          case Ending.Complete() -> true;
          case Ending.Failed(String _, int status) -> status < 500;
          case Ending.Unfinished() -> false;
        });
  }

  private void tellCircuit(boolean good) {
    if (!circuitTold) {
      circuitTold = true;
      if (good) {
        circuit.success();
      } else {
        circuit.failure();
      }
    }
  }

  /// How the answer with this head goes to the caller.
  Answer answer(int status, HttpHeaders received, long bodyLength) {
    Dialect dialect = endpoint.dialect();
    HttpHeaders headers =
        AnswerOpening.headers(received, dialect, exchange.request(), request.changed());
    if (status >= 400) {
      return new ErrorAnswer(exchange, dialect, target.provider().id(), status, headers);
    }
    AnswerTap tap = measure.answer(received);
    relabel(headers);
    // Many a server puts the wrong label on a stream: what was asked for counts as well.
    boolean stream = Sse.isStream(headers.get(HttpHeaderNames.CONTENT_TYPE)) || peeked.stream();
    if (stream && AnswerInflater.plain(headers.get(HttpHeaderNames.CONTENT_ENCODING))) {
      return new StreamAnswer(
          exchange,
          endpoint,
          target.provider().id(),
          status,
          headers,
          bodyLength,
          tap,
          request.asksUsage(),
          plane.time()::nanos,
          plane.keepaliveNanos());
    }
    return new WholeAnswer(
        exchange, dialect, target.provider().id(), status, headers, bodyLength, tap);
  }

  /// A web page is none of a model's answers, and must not be taken for one by a browser.
  private void relabel(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    if (type.regionMatches(true, 0, "text/html", 0, 9)) {
      headers.set(
          HttpHeaderNames.CONTENT_TYPE, peeked.stream() ? Sse.CONTENT_TYPE : "application/json");
    }
  }

  void failedBeforeHead(ProviderAttempt failed, UpstreamFailure failure) {
    if (failure.retryOnFresh() && failed.ordinal() == 0) {
      attempt(1);
      return;
    }
    tellCircuit(failure);
    refused(failed, refusal(failure));
  }

  private void tellCircuit(UpstreamFailure failure) {
    if (!circuitTold) {
      circuitTold = true;
      switch (failure.phase()) {
        case CONNECT, SEND, FIRST_BYTE -> circuit.failure();
        case POOL, ADDRESS, IDLE -> circuit.ignored();
      }
    }
  }

  /// The attempt is closed and has sent the caller nothing.
  void refused(ProviderAttempt refused, Refusal refusal) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal);
    ended(refused);
  }

  /// The attempt is closed and the caller has been told.
  void ended(ProviderAttempt ended) {
    if (ended == attempt) {
      over();
    }
  }

  private void over() {
    over = true;
    if (!circuitTold) {
      circuitTold = true;
      circuit.ignored();
    }
    body.release();
    if (live != null) {
      live.leave();
      live = null;
    }
  }

  static Refusal refusal(UpstreamFailure failure) {
    if (failure.timeout()) {
      return Refusal.timeout(failure.phase().code(), failure.message());
    }
    return failure.phase() == UpstreamFailure.Phase.POOL
        ? Refusal.overloaded(failure.message(), 1)
        : Refusal.upstream(failure.message());
  }

  Measure measure() {
    return measure;
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

  HeldBody body() {
    return body;
  }

  Target target() {
    return target;
  }

  ProviderRequest request() {
    return request;
  }
}
