package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.call.Tap;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.simulator.Simulator;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A test key's call from its dispatch to its end. Waits for nothing durable, is recorded all the
/// same, with `test` on its row. Confined to the exchange's event loop.
final class SimulatorCall implements UpstreamListener {
  private static final String PROVIDER = "sim";

  private final LlmPlane plane;
  private final Endpoint endpoint;
  private final Exchange exchange;
  private final Caller caller;
  private final PeekedBody peeked;
  private final long startedNanos;
  private @Nullable Attempt row;
  private @Nullable Live live;
  private @Nullable UpstreamCall call;
  private final Measure measure;
  private @Nullable Tap tap;
  private int status;
  private long firstByteMillis = -1;
  private long sentBytes;
  private boolean over;

  SimulatorCall(
      LlmPlane plane, Endpoint endpoint, Exchange exchange, Caller caller, PeekedBody peeked) {
    this.plane = plane;
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.caller = caller;
    this.peeked = peeked;
    this.startedNanos = plane.time().nanos();
    this.measure = Measure.ofModel(endpoint.meter(), peeked.inputTokensEstimate());
  }

  /// Takes over `body`.
  void start(HeldBody body) {
    row = plane.attempts().open(opening(), exchange.eventLoop(), _ -> {});
    ByteBuf sent = body.bytes().retainedDuplicate();
    call = plane.simulator().call(exchange.eventLoop(), request(sent), this);
    body.release();
    exchange.onEnded(_ -> leave(End.CANCELLED));
    exchange.onDeadline(() ->
        interrupt(
            End.INTERRUPTED,
            Refusal.overloaded("The gate is shutting down; please try again.", 1)));
    exchange.onWritability(this::pace);
    if (!over) {
      live =
          plane
              .admission()
              .liveCalls()
              .enter(
                  caller, exchange.eventLoop(), () -> interrupt(End.CANCELLED, Refusal.badKey()));
    }
  }

  private UpstreamRequest request(ByteBuf body) {
    return new UpstreamRequest(
        "POST",
        endpoint.path(),
        exchange.request().headers(),
        body,
        body.readableBytes(),
        Timeouts.DEFAULT,
        false);
  }

  private Opening opening() {
    String model = Simulator.answers(peeked.model()) ? peeked.model() : Simulator.ECHO;
    return new Opening(
        exchange.request().id(),
        0,
        true,
        true,
        caller.tenant(),
        caller.key().id(),
        peeked.model(),
        model,
        PROVIDER,
        endpoint.path(),
        peeked.stream(),
        true,
        plane.time().millis(),
        peeked.inputTokensEstimate());
  }

  private void pace() {
    UpstreamCall running = call;
    if (running == null || over) {
      return;
    }
    if (exchange.isWritable()) {
      running.resumeReading();
    } else {
      running.pauseReading();
    }
  }

  @Override
  public void head(int newStatus, HttpHeaders received, long bodyLength) {
    status = newStatus;
    firstByteMillis = sinceStart();
    tap = status < 400 ? measure.answer(received) : null;
    HttpHeaders headers = EdgeReply.newHeaders();
    headers.set(received);
    endpoint.dialect().answerHeaders(headers, exchange.request().id());
    exchange.head(status, headers, bodyLength);
  }

  @Override
  public void data(ByteBuf part) {
    if (tap != null) {
      tap.watch(part);
    }
    sentBytes += part.readableBytes();
    exchange.write(part);
  }

  @Override
  public void readComplete() {
    exchange.flush();
    if (row != null && tap != null && !over) {
      row.counted(tap.outputSoFar());
    }
  }

  @Override
  public void end() {
    close(End.COMPLETED);
    exchange.finish();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    close(End.FAILED);
    // The reset must not overtake what was just written.
    exchange.eventLoop().execute(() -> exchange.reset("simulated_cut"));
  }

  private void leave(End end) {
    if (!over) {
      if (call != null) {
        call.cancel();
      }
      close(end);
    }
  }

  private void interrupt(End end, Refusal refusal) {
    if (over) {
      return;
    }
    leave(end);
    Dialect dialect = endpoint.dialect();
    if (!exchange.headSent()) {
      LlmReply.refuse(exchange, dialect, refusal);
    } else if (peeked.stream()) {
      byte[] event = dialect.errorEvent(endpoint, refusal, exchange.request().id());
      exchange.write(Unpooled.wrappedBuffer(event));
      exchange.finish();
    } else {
      exchange.reset(refusal.code());
    }
  }

  private void close(End end) {
    if (over) {
      return;
    }
    over = true;
    Usage usage = status >= 400 ? Usage.NOTHING : measure.unanswered();
    if (tap != null) {
      if (end == End.COMPLETED) {
        tap.end();
      } else {
        tap.finish();
      }
      usage = tap.usage();
    }
    if (row != null) {
      plane
          .attempts()
          .close(
              row,
              new Outcome(
                  end, status, usage, firstByteMillis, sinceStart(), peeked.bytes(), sentBytes));
    }
    if (live != null) {
      live.leave();
      live = null;
    }
  }

  private long sinceStart() {
    return TimeUnit.NANOSECONDS.toMillis(plane.time().nanos() - startedNanos);
  }
}
