package dev.gatewright.service;

import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.call.DurableGate;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket from the queue's door to its end, whoever ends it, and its row. The backend is asked
/// when the socket's turn comes; the caller hears 101 when the backend has said it and the opening
/// is durable. Confined to the exchange's event loop.
final class SocketCall implements UpstreamListener, QueuePlace.Owner {
  private final ServicePlane plane;
  private final SocketRequest request;
  private final Runnable onOver;
  private final QueuePlace place;
  private final DurableGate gate = new DurableGate(this, this::pace);
  private @Nullable Instance instance;
  private @Nullable Attempt row;
  private @Nullable UpstreamCall backend;
  private @Nullable SocketTunnel tunnel;
  private @Nullable Live live;
  private boolean over;
  private long startedNanos;
  private int status;
  private long firstByteMillis = -1;

  /// @param onOver runs once, when it has ended
  SocketCall(ServicePlane plane, SocketRequest request, Runnable onOver) {
    this.plane = plane;
    this.request = request;
    this.onOver = onOver;
    this.place =
        new QueuePlace(
            request.service(),
            request.caller().key().id(),
            request.model(),
            exchange().eventLoop(),
            plane.time(),
            this);
  }

  void start() {
    exchange().onGone(this::callerLeft);
    exchange().onDeadline(() -> end(CloseFrame.GOING_AWAY, End.INTERRUPTED, "shutting_down"));
    exchange().onWritability(this::pace);
    if (over) {
      return;
    }
    Live entered =
        plane
            .admission()
            .liveCalls()
            .enter(
                request.caller(),
                exchange().eventLoop(),
                () -> end(CloseFrame.KEY_ENDED, End.CANCELLED, "key_ended"));
    if (over) {
      entered.leave();
      return;
    }
    live = entered;
    place.enter();
  }

  @Override
  public void turn(Instance free) {
    instance = free;
    startedNanos = plane.time().nanos();
    row =
        plane
            .attempts()
            .open(request.opening(plane.time().millis()), exchange().eventLoop(), this::durable);
    UpstreamCall started =
        free.upstream().upgrade(exchange().eventLoop(), request.toBackend(free), gate);
    backend = started;
    if (over) {
      started.cancel();
    }
  }

  private void durable(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    if (cause != null) {
      // The attempt counts as never opened: there is no row to close.
      row = null;
      refused(Refusal.overloaded("Calls cannot be recorded at the moment.", 1));
      return;
    }
    gate.open();
    if (backend != null && !over) {
      backend.resumeReading();
    }
    pace();
  }

  // ── the backend's word ──

  @Override
  public void upgraded(HttpHeaders headers) {
    answered(WebSocketHandshake.SWITCHING);
    UpstreamCall switched = backend;
    HttpHeaders answer = request.answer(headers);
    if (switched == null || answer == null) {
      close(End.FAILED);
      refused(
          Refusal.upstream(
              "The service `%s` answered the WebSocket handshake wrongly."
                  .formatted(request.service().id())));
      return;
    }
    SocketTunnel opened =
        new SocketTunnel(
            exchange(),
            switched,
            plane.time(),
            request.service().config().sockets().idle(),
            () -> end(CloseFrame.GOING_AWAY, End.COMPLETED, "socket_idle"));
    tunnel = opened;
    exchange().upgrade(place.write(answer), opened);
  }

  /// No switch. Its body would be the answer to a call that nobody made.
  @Override
  public void head(int newStatus, HttpHeaders headers, long bodyLength) {
    answered(newStatus);
    close(End.FAILED);
    Refusal known = BackendFault.refusal(request.service(), newStatus, headers);
    refused(
        known != null
            ? known
            : Refusal.upstream(
                "The service `%s` opened no WebSocket: it answered %d."
                    .formatted(request.service().id(), newStatus)));
  }

  private void answered(int newStatus) {
    status = newStatus;
    firstByteMillis = sinceStart();
    if (instance != null) {
      instance.answered();
    }
  }

  @Override
  public void data(ByteBuf part) {
    SocketTunnel open = tunnel;
    if (open != null) {
      open.fromBackend(part);
    } else {
      part.release();
    }
  }

  @Override
  public void readComplete() {
    exchange().flush();
  }

  @Override
  public void writable() {
    if (tunnel != null) {
      tunnel.backendTakes();
    }
  }

  @Override
  public void end() {
    SocketTunnel open = tunnel;
    if (open != null) {
      close(open.endsWhole() ? End.COMPLETED : End.FAILED);
      open.backendLeft();
      over();
    }
  }

  @Override
  public void failed(UpstreamFailure failure) {
    SocketTunnel open = tunnel;
    close(End.FAILED);
    if (open != null) {
      open.backendBroke();
      over();
      return;
    }
    if (instance != null) {
      switch (failure.phase()) {
        case CONNECT, FIRST_BYTE -> instance.failed();
        case POOL, ADDRESS, SEND, IDLE -> {}
      }
    }
    refused(ServiceCall.refusal(failure));
  }

  private void pace() {
    if (tunnel != null) {
      tunnel.pace();
    } else if (backend != null && gate.full()) {
      backend.pauseReading();
    }
  }

  // ── ends ──

  private void callerLeft() {
    SocketTunnel open = tunnel;
    close(open != null && open.closeSeen() ? End.COMPLETED : End.CANCELLED);
    if (open != null) {
      open.leaveBackend();
      gate.shut();
    } else {
      cancel();
    }
    over();
  }

  /// The gate ends it.
  private void end(CloseFrame frame, End how, String reason) {
    if (over) {
      return;
    }
    exchange().access().reason(reason);
    SocketTunnel open = tunnel;
    close(how);
    if (open == null) {
      refused(
          frame == CloseFrame.KEY_ENDED
              ? Refusal.badKey()
              : Refusal.overloaded("The gate is shutting down; please try again.", 1));
      return;
    }
    // A last frame of the backend's may still be under way: the tunnel sees to the rest.
    open.close(frame);
    over();
  }

  /// The caller has been sent nothing yet.
  @Override
  public void refused(Refusal refusal) {
    if (over) {
      return;
    }
    cancel();
    HttpHeaders headers = place.write(EdgeReply.headers(refusal));
    exchange().closeAfter();
    request.form().refuse(exchange(), refusal, headers);
    over();
  }

  private void cancel() {
    gate.shut();
    if (backend != null) {
      backend.cancel();
    }
  }

  /// Closes the row, once; the first who says how is right.
  private void close(End how) {
    Attempt closing = row;
    if (closing == null) {
      return;
    }
    row = null;
    SocketTunnel open = tunnel;
    long sent = open == null ? 0 : open.callerBytes();
    long received = open == null ? 0 : open.backendBytes();
    Usage usage = open == null ? Usage.NOTHING : Usage.of(Unit.BYTES, received, Source.COUNTED);
    plane
        .attempts()
        .close(
            closing,
            new Outcome(how, status, usage, firstByteMillis, sinceStart(), sent, received));
  }

  /// It is settled what became of it. Gives back the place, whatever it was.
  private void over() {
    if (over) {
      return;
    }
    over = true;
    close(End.CANCELLED);
    place.leave();
    if (live != null) {
      live.leave();
      live = null;
    }
    onOver.run();
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(plane.time().nanos() - startedNanos);
  }

  private Exchange exchange() {
    return request.exchange();
  }
}
