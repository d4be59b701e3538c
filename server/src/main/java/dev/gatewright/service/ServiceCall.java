package dev.gatewright.service;

import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.relay.UpstreamFailure;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A call from the queue's door to its end, whoever ends it: the backend, the caller by leaving,
/// the key by being revoked, the process by stopping. Confined to the exchange's event loop, but
/// for what the queue says.
final class ServiceCall implements FairQueue.Waiter<Instance> {
  /// Instances that are out are asked every two seconds.
  private static final int OUT_SECONDS = 5;

  private final ServicePlane plane;
  private final ServiceRequest request;
  private final ErrorForm form;
  private final BodyRule.Look.Ready ready;
  private final long enteredNanos;
  private @Nullable ScheduledFuture<?> patience;
  private int position;
  private long waitedMillis;
  private long ranNanos;
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
    this.enteredNanos = plane.time().nanos();
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
    queue();
  }

  // ── waiting ──

  private void queue() {
    String unavailable = service().unavailable();
    if (unavailable != null) {
      refused(Refusal.overloaded(unavailable, OUT_SECONDS));
      return;
    }
    switch (service().queue().enter(this)) {
      case FairQueue.Entry.Served<Instance>(Instance free) -> run(free);
      case FairQueue.Entry.Waiting<Instance>(int at) -> {
        position = at;
        long millis = service().config().queueWait().toMillis();
        patience =
            exchange().eventLoop().schedule(this::waitedTooLong, millis, TimeUnit.MILLISECONDS);
      }
      case FairQueue.Entry.Full<Instance>(int at) -> {
        position = at;
        refused(full());
      }
    }
  }

  @Override
  public String key() {
    return request.caller().key().id();
  }

  @Override
  public @Nullable String model() {
    return ready.model();
  }

  @Override
  public void granted(Instance free) {
    exchange()
        .eventLoop()
        .execute(() -> {
          if (over) {
            service().queue().give(free);
          } else {
            waited();
            run(free);
          }
        });
  }

  @Override
  public void displaced() {
    exchange()
        .eventLoop()
        .execute(() -> {
          if (!over) {
            waited();
            String unavailable = service().unavailable();
            refused(unavailable == null ? full() : Refusal.overloaded(unavailable, OUT_SECONDS));
          }
        });
  }

  private void waitedTooLong() {
    // Zero: its turn has come just now, and is on its way here.
    int at = over ? 0 : service().queue().leave(this);
    if (at > 0) {
      position = at;
      waited();
      refused(
          Refusal.overloaded(
              "The call waited %d s for the service `%s`, which is as long as a call may wait."
                  .formatted(service().config().queueWait().toSeconds(), service().id()),
              service().retryAfterSeconds(position)));
    }
  }

  private void waited() {
    waitedMillis = TimeUnit.NANOSECONDS.toMillis(plane.time().nanos() - enteredNanos);
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }

  private Refusal full() {
    return Refusal.overloaded(
        "The queue of the service `%s` is full: %d calls wait already."
            .formatted(service().id(), service().config().queueLength()),
        service().retryAfterSeconds(position));
  }

  /// Headers of a call that waited, or was refused a place.
  HttpHeaders queued(HttpHeaders headers) {
    if (position > 0) {
      headers.set("x-gatewright-queue-position", Integer.toString(position));
      headers.set("x-gatewright-queue-wait-ms", Long.toString(waitedMillis));
    }
    return headers;
  }

  // ── running ──

  private void run(Instance free) {
    instance = free;
    ranNanos = plane.time().nanos();
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
  void refused(Refusal refusal) {
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
    if (patience != null) {
      patience.cancel(false);
    }
    ready.body().release();
    Instance used = instance;
    if (used != null) {
      service().took(plane.time().nanos() - ranNanos);
      service().queue().give(used);
    } else {
      service().queue().leave(this);
    }
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
