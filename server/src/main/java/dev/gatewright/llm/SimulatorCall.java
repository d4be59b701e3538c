package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.LiveCalls.Live;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.SimScript.Part;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A test key's call from its dispatch to its end. Waits for nothing durable, is recorded all the
/// same, with `test` on its row. Confined to the exchange's event loop.
final class SimulatorCall {
  private static final String PROVIDER = "sim";

  /// Parts written without a break, before other calls of the loop get their turn.
  private static final int BURST = 64;

  private final LlmPlane plane;
  private final Endpoint endpoint;
  private final Exchange exchange;
  private final Caller caller;
  private final PeekedBody peeked;
  private final long startedNanos;
  private @Nullable Attempt row;
  private @Nullable Live live;
  private SimOptions options = new SimOptions(0, -1, SimOptions.Failure.NONE, 0);
  private Iterator<Part> parts = Collections.emptyIterator();
  private long bodyLength;
  private long inputTokens;
  private long outputTokens;
  private long sentBytes;
  private long deliveredTokens;
  private boolean waiting;
  private boolean over;

  SimulatorCall(
      LlmPlane plane, Endpoint endpoint, Exchange exchange, Caller caller, PeekedBody peeked) {
    this.plane = plane;
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.caller = caller;
    this.peeked = peeked;
    this.startedNanos = plane.time().nanos();
  }

  /// Takes over `body`.
  void start(HeldBody body) {
    byte[] json = ByteBufUtil.getBytes(body.bytes());
    body.release();
    SimOptions.Parsed parsed = SimOptions.parse(exchange.request().headers());
    if (parsed.options() == null) {
      LlmReply.refuse(
          exchange,
          endpoint.dialect(),
          parsed.refusal() == null ? Refusal.invalid("x-sim-*") : parsed.refusal());
      return;
    }
    options = parsed.options();
    SimScript script = Simulator.script(endpoint, peeked, json, options);
    parts = script.parts();
    bodyLength = script.bodyLength();
    inputTokens = script.inputTokens();
    outputTokens = script.outputTokens();
    row = plane.attempts().open(opening(), exchange.eventLoop(), _ -> {});
    exchange.onGone(() -> end(End.CANCELLED, delivered()));
    exchange.onDeadline(() ->
        interrupt(
            End.INTERRUPTED,
            Refusal.overloaded("The gate is shutting down; please try again.", 1)));
    exchange.onWritability(this::play);
    if (over) {
      return;
    }
    live =
        plane
            .admission()
            .liveCalls()
            .enter(caller, exchange.eventLoop(), () -> interrupt(End.CANCELLED, Refusal.badKey()));
    after(() -> begin(script.contentType()));
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
        inputTokens);
  }

  private void begin(String contentType) {
    switch (options.failure()) {
      case RATE_LIMITED -> refuse(Refusal.tooMany("Simulated: too many requests.", 1));
      case BROKEN -> refuse(Refusal.of(500, "api_error", "internal", "Simulated: a failure."));
      case HANG -> {}
      case CUT, NONE -> {
        HttpHeaders headers = EdgeReply.newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        endpoint.dialect().answerHeaders(headers, exchange.request().id());
        exchange.head(200, headers, bodyLength);
        play();
      }
    }
  }

  private void refuse(Refusal refusal) {
    LlmReply.refuse(exchange, endpoint.dialect(), refusal);
    end(End.COMPLETED, Usage.NOTHING, refusal.status());
  }

  /// Writes as much as the caller takes; goes on when the delay is over or the caller takes more.
  private void play() {
    int left = BURST;
    while (!over && !waiting && exchange.headSent() && exchange.isWritable()) {
      if (!parts.hasNext()) {
        end(End.COMPLETED, new Usage(inputTokens, outputTokens, 0, 0, 0, Source.PROVIDER));
        exchange.finish();
        return;
      }
      if (!write(parts.next())) {
        return;
      }
      left--;
      if (parts.hasNext() && (options.delayMillis() > 0 || left == 0)) {
        exchange.flush();
        after(this::play);
        return;
      }
    }
    exchange.flush();
  }

  /// False when the answer was cut here, as asked.
  private boolean write(Part part) {
    long left = options.cutBytes() - sentBytes;
    if (options.failure() == SimOptions.Failure.CUT && part.bytes().readableBytes() >= left) {
      send(part.bytes().slice(0, (int) left));
      exchange.flush();
      end(End.FAILED, delivered());
      // The reset must not overtake what was just written.
      exchange.eventLoop().execute(() -> exchange.reset("simulated_cut"));
      return false;
    }
    deliveredTokens += part.tokens();
    send(part.bytes());
    return true;
  }

  private void send(ByteBuf part) {
    sentBytes += part.readableBytes();
    exchange.write(part);
    if (row != null) {
      row.counted(deliveredTokens);
    }
  }

  private void after(Runnable next) {
    waiting = true;
    Runnable step =
        () -> {
          waiting = false;
          if (!over) {
            next.run();
          }
        };
    if (options.delayMillis() > 0) {
      exchange.eventLoop().schedule(step, options.delayMillis(), TimeUnit.MILLISECONDS);
    } else if (exchange.headSent()) {
      exchange.eventLoop().execute(step);
    } else {
      step.run();
    }
  }

  private void interrupt(End end, Refusal refusal) {
    if (over) {
      return;
    }
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
    end(end, delivered());
  }

  /// What an answer that ended early comes to.
  private Usage delivered() {
    return new Usage(inputTokens, deliveredTokens, 0, 0, 0, Source.COUNTED);
  }

  private void end(End end, Usage usage) {
    end(end, usage, exchange.headSent() ? 200 : 0);
  }

  private void end(End end, Usage usage, int status) {
    if (over) {
      return;
    }
    over = true;
    long millis = TimeUnit.NANOSECONDS.toMillis(plane.time().nanos() - startedNanos);
    if (row != null) {
      plane
          .attempts()
          .close(row, new Outcome(end, status, usage, millis, millis, peeked.bytes(), sentBytes));
    }
    if (live != null) {
      live.leave();
      live = null;
    }
  }
}
