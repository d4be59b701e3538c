package dev.gatewright.service;

import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.relay.UpstreamFailure;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A call from the queue's door to its end, whoever ends it: the backend, the caller by leaving,
/// the key by being revoked, the process by stopping. Confined to the exchange's event loop.
final class ServiceCall implements QueuePlace.Owner {
  private final ServicePlane plane;
  private final ServiceRequest request;
  private final ErrorForm form;
  private final BodyRule.Look.Ready ready;
  private final QueuePlace place;
  private @Nullable Instance instance;
  private @Nullable ServiceAttempt attempt;
  private @Nullable Live live;
  private boolean over;

  /// @param ready its body is taken over
  ServiceCall(
      ServicePlane plane, ServiceRequest request, ErrorForm form, BodyRule.Look.Ready ready) {
    this.plane = plane;
    this.request = request;
    this.form = form;
    this.ready = ready;
    this.place =
        new QueuePlace(
            request.service(),
            request.caller().key().id(),
            ready.model(),
            exchange().eventLoop(),
            plane.time(),
            this);
  }

  void start() {
    exchange().onGone(this::callerLeft);
    exchange().onDeadline(this::stopping);
    exchange().onWritability(this::pace);
    if (over) {
      return;
    }
    Live entered =
        plane
            .admission()
            .liveCalls()
            .enter(request.caller(), exchange().eventLoop(), this::keyEnded);
    if (over) {
      entered.leave();
      return;
    }
    live = entered;
    place.enter();
  }

  /// Headers of a call that waited, or was refused a place.
  HttpHeaders queued(HttpHeaders headers) {
    return place.write(headers);
  }

  // ── running ──

  @Override
  public void turn(Instance free) {
    instance = free;
    attempt(0);
  }

  private void attempt(int ordinal) {
    Instance on = instance;
    if (on != null) {
      ServiceAttempt next = new ServiceAttempt(this, on, ordinal);
      attempt = next;
      next.start();
    }
  }

  private void pace() {
    if (attempt != null) {
      attempt.pace();
    }
  }

  /// No answer came of this attempt, which is closed.
  void failedBeforeHead(ServiceAttempt failed, UpstreamFailure failure) {
    if (failure.retryOnFresh() && failed.ordinal() == 0 && !failed.streamsBody()) {
      attempt(1);
      return;
    }
    Instance on = instance;
    if (on != null) {
      switch (failure.phase()) {
        case CONNECT, FIRST_BYTE -> on.failed();
        // A backend that refuses an upload half-way is not dead.
        case POOL, ADDRESS, SEND, IDLE -> {}
      }
    }
    refused(refusal(failure));
  }

  static Refusal refusal(UpstreamFailure failure) {
    if (failure.timeout()) {
      return Refusal.timeout(failure.phase().code(), failure.message());
    }
    return failure.phase() == UpstreamFailure.Phase.POOL
        ? Refusal.overloaded(failure.message(), 1)
        : Refusal.upstream(failure.message());
  }

  // ── ends ──

  /// Nothing has been sent to the caller; the attempt, if there was one, is closed.
  @Override
  public void refused(Refusal refusal) {
    form.refuse(exchange(), refusal, queued(EdgeReply.headers(refusal)));
    over();
  }

  private void callerLeft() {
    if (over) {
      return;
    }
    exchange().access().reason("caller_left");
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
    exchange().access().reason(reason);
    if (attempt != null) {
      attempt.interrupt(end, refusal);
      over();
    } else {
      refused(refusal);
    }
  }

  /// The attempt is closed and the caller has been told. Gives back the place, whatever it was.
  void over() {
    if (over) {
      return;
    }
    over = true;
    ready.body().release();
    place.leave();
    if (live != null) {
      live.leave();
      live = null;
    }
  }

  ServicePlane plane() {
    return plane;
  }

  ServiceRequest request() {
    return request;
  }

  Service service() {
    return request.service();
  }

  Exchange exchange() {
    return request.exchange();
  }

  ErrorForm form() {
    return form;
  }

  BodyRule.Look.Ready ready() {
    return ready;
  }
}
