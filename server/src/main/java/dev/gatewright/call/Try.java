package dev.gatewright.call;

import dev.gatewright.call.span.TrySpan;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.site.SiteConfig;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.telemetry.trace.Trace;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One try of a call, and its row: opened before it is sent, closed exactly once. What comes back
/// waits at the gate until the opening is durable, then goes through the leg's sink; the row's
/// checkpoint follows what was delivered. Confined to the exchange's event loop.
final class Try implements UpstreamListener {
  private final Call call;
  private final Leg leg;
  private final int ordinal;
  private final DurableGate gate = new DurableGate(this, this::pace);
  private final long startedNanos;

  /// Its span's id; 0 where none is recorded.
  private final long spanId;

  private @Nullable Attempt row;
  private @Nullable UpstreamCall upstream;
  private @Nullable Pump pump;
  private @Nullable Sink sink;
  private boolean streams;
  private boolean begun;
  private boolean over;
  private @Nullable Outcome outcome;

  /// The gate has ended it, and the sink has last words to say.
  private @Nullable End ending;

  private int status;
  private long firstByteMillis = -1;
  private long requestBytes;
  private long responseBytes;

  Try(Call call, Leg leg, int ordinal) {
    this.call = call;
    this.leg = leg;
    this.ordinal = ordinal;
    this.startedNanos = call.outward().time().nanos();
    this.spanId = call.exchange().trace().newSpan();
  }

  void start() {
    Opening opening = leg.opening(ordinal);
    SiteConfig site = exchange().request().site();
    if (opening != null && site != null) {
      opening = opening.through(site.host());
    }
    boolean waits = opening != null && leg.durable() != Leg.Durable.WHENEVER;
    if (!waits) {
      gate.open();
    }
    if (opening != null) {
      row = opened(opening);
    }
    if (!waits || leg.durable() != Leg.Durable.BEFORE_SENDING) {
      send();
    }
  }

  private Attempt opened(Opening opening) {
    Attempts attempts = call.outward().attempts();
    EventLoop loop = exchange().eventLoop();
    Attempt opened =
        leg.durable() == Leg.Durable.BEFORE_SENDING
            ? attempts.open(opening, loop, this::durable)
            : attempts.openAtEase(opening, loop, this::durable);
    gate.onKept(() -> attempts.awaited(opened));
    opened.onLost(() ->
        call.guarded(() ->
            call.interrupt(
                End.INTERRUPTED,
                "lease_lost",
                Refusal.overloaded("The call can no longer be recorded; please try again.", 1))));
    return opened;
  }

  private void send() {
    ByteBuf whole = call.body().whole();
    streams = whole == null;
    UpstreamRequest request = leg.request(whole);
    requestBytes = streams ? 0 : request.bodyLength();
    if (leg.leaves()) {
      // What leaves no row has no span either: it is the gate's own that asks.
      TraceLines.write(exchange().trace(), row == null ? 0 : spanId, request.headers());
    }
    EventLoop loop = exchange().eventLoop();
    UpstreamCall started =
        leg.upgrades()
            ? leg.upstream().upgrade(loop, request, gate)
            : leg.upstream().call(loop, request, gate);
    upstream = started;
    if (over) {
      started.cancel();
      return;
    }
    Pump pumping = new Pump(exchange(), call.body(), started, gate, this::bodyRefused);
    pump = pumping;
    if (streams) {
      pumping.stream();
    }
    pace();
  }

  private void durable(@Nullable Throwable cause) {
    call.guarded(() -> {
      if (over) {
        return;
      }
      if (cause != null && leg.durable() != Leg.Durable.WHENEVER) {
        // It counts as never opened: there is no row to close.
        row = null;
        Step instead = leg.instead(cause);
        stop(End.CANCELLED, Usage.NOTHING, new Verdict.GivenUp());
        call.untried(instead);
        return;
      }
      gate.open();
      if (upstream == null && !over) {
        send();
      }
      pace();
    });
  }

  /// Reads on or stops reading, as the caller and the gate can take more.
  void pace() {
    if (pump != null && !over) {
      pump.pace();
    }
  }

  @Override
  public void writable() {
    if (pump != null) {
      pump.writable();
    }
  }

  private void bodyRefused(Refusal refusal) {
    call.interrupt(End.CANCELLED, null, refusal);
  }

  // ── the other side's word ──

  @Override
  public void head(int newStatus, HttpHeaders headers, long bodyLength) {
    status = newStatus;
    firstByteMillis = sinceStart();
    sink = leg.answered(newStatus, headers, bodyLength);
    boolean _ = unfit();
  }

  @Override
  public void upgraded(HttpHeaders headers) {
    status = WebSocketHandshake.SWITCHING;
    firstByteMillis = sinceStart();
    sink = leg.upgraded(headers, this::tunnel);
    boolean _ = unfit();
  }

  private Sink tunnel(HttpHeaders answer, Duration idle) {
    UpstreamCall backend = Objects.requireNonNull(upstream);
    streams = true;
    TunnelSink opened =
        new TunnelSink(
            exchange(),
            backend,
            Objects.requireNonNull(pump),
            call.outward().time(),
            idle,
            () -> call.interrupt(End.COMPLETED, "socket_idle", Refusal.overloaded("Idle.", 0)));
    opened.open(answer);
    return opened;
  }

  @Override
  public void data(ByteBuf part) {
    Sink to = sink;
    if (over || to == null) {
      part.release();
      return;
    }
    responseBytes += part.readableBytes();
    to.data(part);
  }

  @Override
  public void readComplete() {
    Sink to = sink;
    if (over || to == null) {
      return;
    }
    to.readComplete();
    if (unfit()) {
      return;
    }
    if (!begun && exchange().headSent()) {
      begun();
    }
    count(to.tap());
  }

  private void count(Tap tap) {
    Attempt counting = row;
    if (counting != null && tap.countsBytes()) {
      counting.countedBytes(tap.outputSoFar());
    } else if (counting != null) {
      counting.counted(tap.outputSoFar());
    }
  }

  /// From here on there is no other try, so that a body that was held is not needed again.
  private void begun() {
    begun = true;
    leg.begun();
    if (!streams) {
      call.body().release();
    }
  }

  @Override
  public void end() {
    Sink to = sink;
    if (over || to == null) {
      return;
    }
    to.end();
    if (!unfit()) {
      Ending ending = to.tap().ending();
      close(end(ending), to.tap().usage(), new Verdict.Passed(status, ending));
      exchange().finish();
    }
  }

  private static End end(Ending ending) {
    return ending instanceof Ending.Complete ? End.COMPLETED : End.FAILED;
  }

  /// True when the caller does not get this answer, and the plan has been asked what else to do.
  private boolean unfit() {
    Sink to = sink;
    Refusal refusal = to == null || over ? null : to.unfit();
    if (to == null || refusal == null) {
      return over;
    }
    Verdict verdict = new Verdict.Unfit(status, refusal);
    stop(end(to.tap().ending()), to.tap().usage(), verdict);
    call.came(leg, verdict);
    return true;
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (over) {
      return;
    }
    Sink to = sink;
    Verdict.Failed verdict = new Verdict.Failed(failure);
    boolean seen = exchange().headSent();
    stop(End.FAILED, Usage.NOTHING, verdict);
    if (to != null && seen) {
      to.breakOff(verdict.refusal());
    } else {
      call.came(leg, verdict);
    }
  }

  // ── ends ──

  /// The exchange has ended, and not by this try's doing.
  void abandon(End how) {
    if (over) {
      return;
    }
    Sink to = sink;
    End settled = to != null && to.settled() ? End.COMPLETED : how;
    stop(ending == null ? settled : ending, unanswered(), new Verdict.GivenUp());
  }

  /// The gate ends the call: the process stops, or the key is no longer good.
  ///
  /// @return false when the caller is still to be told
  boolean interrupt(End how, Refusal refusal) {
    Sink to = sink;
    if (over || to == null || !exchange().headSent()) {
      stop(how, unanswered(), new Verdict.GivenUp());
      return false;
    }
    if (to.lingers()) {
      ending = ending == null ? how : ending;
    } else {
      stop(how, unanswered(), new Verdict.GivenUp());
    }
    to.breakOff(refusal);
    return true;
  }

  private Usage unanswered() {
    return upstream != null && upstream.isSent() ? leg.unanswered() : Usage.NOTHING;
  }

  /// Ends both sides of this try, and closes its row.
  ///
  /// @param unanswered what it comes to where no answer came
  private void stop(End how, Usage unanswered, Verdict verdict) {
    if (over) {
      return;
    }
    gate.shut();
    if (pump != null) {
      pump.stop();
    }
    Sink to = sink;
    if (to != null) {
      to.release();
    }
    UpstreamCall other = upstream;
    if (other != null && to != null) {
      to.leave(other);
    } else if (other != null) {
      other.cancel();
    }
    close(how, to == null ? unanswered : to.tap().usage(), verdict);
  }

  private void close(End end, Usage usage, Verdict verdict) {
    over = true;
    Attempt closing = row;
    call.used(closing == null ? null : closing.opening(), usage, upstream != null);
    if (closing != null) {
      row = null;
      Pump pumped = pump;
      long sent = streams && pumped != null ? pumped.bytes() : requestBytes;
      Outcome closed =
          new Outcome(end, status, usage, firstByteMillis, sinceStart(), sent, responseBytes);
      outcome = closed;
      call.outward().attempts().close(closing, closed);
      recorded(closing.opening(), closed, verdict);
    }
    leg.over(verdict);
  }

  /// What its row says, told to who collects traces.
  private void recorded(Opening opening, Outcome closed, Verdict verdict) {
    Trace trace = exchange().trace();
    if (trace.recorded()) {
      Sink answer = sink;
      long began = exchange().request().epochNanos(startedNanos);
      trace.tell(
          new TrySpan(
              trace,
              spanId,
              opening,
              closed,
              verdict.error(closed.end()),
              leg.upstream().origin(),
              answer == null ? null : answer.tap().model(),
              began,
              began + call.outward().time().nanos() - startedNanos),
          true);
    }
  }

  /// What its row says; null while it is open, and where there is none.
  @Nullable Outcome outcome() {
    return outcome;
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(call.outward().time().nanos() - startedNanos);
  }

  private Exchange exchange() {
    return call.exchange();
  }
}
