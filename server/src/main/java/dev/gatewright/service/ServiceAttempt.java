package dev.gatewright.service;

import dev.gatewright.call.DurableGate;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One try at an instance, and its row: opened with the call, closed exactly once. The call starts
/// at once, while the opening becomes durable; what comes back waits for that. Confined to the
/// exchange's event loop.
final class ServiceAttempt implements UpstreamListener {
  private final ServiceCall call;
  private final Instance instance;
  private final int ordinal;
  private final BackendRequest request;
  private final DurableGate gate = new DurableGate(this, this::pace);
  private final long startedNanos;
  private @Nullable Attempt row;
  private @Nullable UpstreamCall upstream;
  private @Nullable BodyPump pump;
  private @Nullable ServiceAnswer answer;
  private boolean paused;
  private boolean over;
  private int status;
  private long firstByteMillis = -1;
  private long responseBytes;

  ServiceAttempt(ServiceCall call, Instance instance, int ordinal) {
    this.call = call;
    this.instance = instance;
    this.ordinal = ordinal;
    this.request = new BackendRequest(call, instance);
    this.startedNanos = call.plane().time().nanos();
  }

  int ordinal() {
    return ordinal;
  }

  /// The body is not kept, so it can be sent only once.
  boolean streamsBody() {
    return pump != null;
  }

  void start() {
    row =
        call.plane()
            .attempts()
            .open(request.opening(ordinal), exchange().eventLoop(), this::durable);
    ByteBuf whole = call.ready().body().whole();
    UpstreamCall started =
        instance.upstream().call(exchange().eventLoop(), request.build(whole, ordinal > 0), gate);
    upstream = started;
    if (over) {
      started.cancel();
      return;
    }
    if (whole == null) {
      pump = new BodyPump(call.ready().body(), started, this::bodyRefused);
      pump.start();
    }
    pace();
  }

  private void durable(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    if (cause != null) {
      // The attempt counts as never opened: there is no row to close.
      over = true;
      cancel();
      call.refused(Refusal.overloaded("Calls cannot be recorded at the moment.", 1));
      return;
    }
    gate.open();
    pace();
  }

  /// Reads on or stops reading, as the caller and the gate can take more.
  void pace() {
    UpstreamCall reading = upstream;
    if (reading == null || over) {
      return;
    }
    boolean pause = gate.full() || (gate.isOpen() && !exchange().isWritable());
    if (pause != paused) {
      paused = pause;
      if (pause) {
        reading.pauseReading();
      } else {
        reading.resumeReading();
      }
    }
  }

  @Override
  public void writable() {
    if (pump != null && !over) {
      pump.resume();
    }
  }

  /// The caller's body is too long, malformed or too slow.
  private void bodyRefused(Refusal refusal) {
    if (over) {
      return;
    }
    if (answer == null) {
      cancel();
      close(End.CANCELLED, Usage.NOTHING);
      call.refused(refusal);
    } else {
      interrupt(End.CANCELLED, refusal);
      call.over();
    }
  }

  @Override
  public void head(int newStatus, HttpHeaders headers, long bodyLength) {
    status = newStatus;
    firstByteMillis = sinceStart();
    instance.answered();
    Refusal refusal = BackendFault.refusal(call.service(), newStatus, headers);
    if (refusal != null) {
      close(End.FAILED, Usage.NOTHING);
      cancel();
      call.refused(refusal);
      return;
    }
    ServiceAnswer passing = new ServiceAnswer(call, newStatus, headers, bodyLength);
    answer = passing;
    String model = call.ready().model();
    if (model != null && newStatus < 300 && !passing.doubtful()) {
      instance.served(model);
    }
  }

  @Override
  public void data(ByteBuf part) {
    ServiceAnswer to = answer;
    if (over || to == null) {
      part.release();
      return;
    }
    responseBytes += part.readableBytes();
    to.data(part);
  }

  @Override
  public void readComplete() {
    ServiceAnswer to = answer;
    if (!over && to != null) {
      to.readComplete();
      if (row != null) {
        row.counted(to.outputTokens());
      }
    }
  }

  @Override
  public void end() {
    ServiceAnswer to = answer;
    if (!over && to != null) {
      to.end();
      close(to.failed() ? End.FAILED : End.COMPLETED, to.usage());
      exchange().finish();
      call.over();
    }
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (over) {
      return;
    }
    ServiceAnswer to = answer;
    if (to != null) {
      to.broken(ServiceCall.refusal(failure));
      close(End.FAILED, to.usage());
      call.over();
    } else {
      close(End.FAILED, Usage.NOTHING);
      call.failedBeforeHead(this, failure);
    }
  }

  /// The caller has left.
  void abandon() {
    cancel();
    close(End.CANCELLED, usageSoFar());
  }

  /// The gate ends the call: the process stops, or the key is no longer good.
  void interrupt(End end, Refusal refusal) {
    cancel();
    ServiceAnswer to = answer;
    if (to != null) {
      to.broken(refusal);
    } else {
      call.form().refuse(exchange(), refusal);
    }
    close(end, usageSoFar());
  }

  private Usage usageSoFar() {
    ServiceAnswer to = answer;
    if (to == null) {
      return call.ready().measure().unanswered();
    }
    to.release();
    return to.usage();
  }

  private void cancel() {
    gate.shut();
    if (upstream != null) {
      upstream.cancel();
    }
  }

  private void close(End end, Usage usage) {
    Attempt closing = row;
    if (over || closing == null) {
      return;
    }
    over = true;
    long requestBytes = pump == null ? request.wholeBytes() : pump.bytes();
    call.plane()
        .attempts()
        .close(
            closing,
            new Outcome(
                end, status, usage, firstByteMillis, sinceStart(), requestBytes, responseBytes));
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(call.plane().time().nanos() - startedNanos);
  }

  private Exchange exchange() {
    return call.exchange();
  }
}
