package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.DurableGate;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One try at a provider, and its row: opened with the call, closed exactly once. The call starts
/// at once, while the opening becomes durable; what comes back waits for that. Confined to the
/// exchange's event loop.
final class ProviderAttempt implements UpstreamListener {
  private final ProviderCall call;
  private final int ordinal;
  private final DurableGate gate = new DurableGate(this, this::pace);
  private final long startedNanos;
  private @Nullable Attempt row;
  private @Nullable UpstreamCall upstream;
  private @Nullable Answer answer;
  private boolean paused;
  private boolean over;
  private int status;
  private long firstByteMillis = -1;
  private long requestBytes;
  private long responseBytes;

  ProviderAttempt(ProviderCall call, int ordinal) {
    this.call = call;
    this.ordinal = ordinal;
    this.startedNanos = call.plane().time().nanos();
  }

  void start() {
    UpstreamRequest request = call.request().build(call.body().bytes(), ordinal > 0);
    requestBytes = request.bodyLength();
    row = call.plane().attempts().open(opening(), exchange().eventLoop(), this::durable);
    UpstreamCall started = call.target().upstream().call(exchange().eventLoop(), request, gate);
    upstream = started;
    if (over) {
      started.cancel();
    } else {
      pace();
    }
  }

  private Opening opening() {
    Target target = call.target();
    return new Opening(
        exchange().request().id(),
        ordinal,
        ordinal == 0,
        ordinal == 0,
        call.caller().tenant(),
        call.caller().key().id(),
        call.peeked().model(),
        target.name(),
        target.provider().id(),
        call.endpoint().path(),
        call.peeked().stream(),
        false,
        call.plane().time().millis(),
        call.peeked().inputTokensEstimate());
  }

  private void durable(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    if (cause != null) {
      // The attempt counts as never opened: there is no row to close.
      over = true;
      cancel();
      call.refused(this, Refusal.overloaded("Calls cannot be recorded at the moment.", 1));
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
  public void head(int newStatus, HttpHeaders headers, long bodyLength) {
    status = newStatus;
    firstByteMillis = sinceStart();
    call.headCame(newStatus);
    Refusal refusal = AnswerOpening.refusal(call.target().provider().id(), newStatus);
    if (refusal != null) {
      close(End.FAILED, Usage.NOTHING);
      cancel();
      call.refused(this, refusal);
      return;
    }
    answer = call.answer(newStatus, headers, bodyLength);
  }

  @Override
  public void data(ByteBuf part) {
    Answer to = answer;
    if (over || to == null) {
      part.release();
      return;
    }
    responseBytes += part.readableBytes();
    to.data(part);
  }

  @Override
  public void readComplete() {
    Answer to = answer;
    if (!over && to != null) {
      to.readComplete();
      if (to.begun()) {
        call.answered(Ending.COMPLETE);
      }
      if (row != null) {
        row.counted(to.outputTokens());
      }
    }
  }

  @Override
  public void end() {
    Answer to = answer;
    if (!over && to != null) {
      to.end();
      call.answered(to.ending());
      close(to.ending() instanceof Ending.Complete ? End.COMPLETED : End.FAILED, to.usage());
      exchange().finish();
      call.ended(this);
    }
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (over) {
      return;
    }
    Answer to = answer;
    if (to != null) {
      to.broken(ProviderCall.refusal(failure));
      close(End.FAILED, to.usage());
      call.ended(this);
    } else {
      close(End.FAILED, Usage.NOTHING);
      call.failedBeforeHead(this, failure);
    }
  }

  /// The caller has left.
  void abandon() {
    cancel();
    Answer to = answer;
    if (to != null) {
      to.release();
    }
    close(End.CANCELLED, to == null ? call.measure().unanswered() : to.usage());
  }

  /// The gate ends the call: the process stops, or the key is no longer good.
  void interrupt(End end, Refusal refusal) {
    cancel();
    Answer to = answer;
    if (to != null) {
      to.broken(refusal);
    } else {
      LlmReply.refuse(exchange(), call.endpoint().dialect(), refusal);
    }
    close(end, to == null ? call.measure().unanswered() : to.usage());
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
    call.plane()
        .attempts()
        .close(
            closing,
            new Outcome(
                end, status, usage, firstByteMillis, sinceStart(), requestBytes, responseBytes));
  }

  int ordinal() {
    return ordinal;
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(call.plane().time().nanos() - startedNanos);
  }

  private Exchange exchange() {
    return call.exchange();
  }
}
