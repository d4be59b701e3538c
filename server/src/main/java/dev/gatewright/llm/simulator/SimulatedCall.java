package dev.gatewright.llm.simulator;

import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.simulator.request.Form;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call of the simulator, from the request's last byte to the answer's. Works in [Turns] of its
/// loop, to which it is confined.
final class SimulatedCall implements UpstreamCall {
  private static final Logger log = LoggerFactory.getLogger(SimulatedCall.class);

  /// Answers up to this length tell it in their head.
  private static final int WHOLE_BYTES_MAX = 64 << 10;

  /// Heap that reading a body takes, for each of its bytes: the body, and texts in it, twice.
  private static final int READING_FACTOR = 4;

  private final Simulator simulator;
  private final EventLoop loop;
  private final Turns turns;
  private final UpstreamRequest request;
  private final UpstreamListener listener;
  private ByteBuf body;
  private boolean bodyOwned = true;
  private final Queue<ByteBuf> ready = new ArrayDeque<>();
  private SimOptions options = SimOptions.NONE;
  private @Nullable Preparation preparation;
  private Iterator<JsonOut> parts = Collections.emptyIterator();
  private boolean stream;
  private long heldBytes;
  private long sentBytes;
  private boolean complete;
  private boolean playing;
  private boolean waiting;
  private boolean paused;
  private boolean over;

  SimulatedCall(
      Simulator simulator, EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
    this.simulator = simulator;
    this.loop = loop;
    this.turns = simulator.turns(loop);
    this.request = request;
    this.listener = listener;
    this.body = request.body();
    if (request.bodyLength() == body.readableBytes()) {
      endBody();
    } else {
      ByteBuf begun = body;
      body = Unpooled.buffer();
      write(begun);
    }
  }

  @Override
  public void write(ByteBuf part) {
    try {
      // A body beyond the bound is refused when it ends; until then one byte more is kept of it.
      int room = Simulator.BODY_BYTES_MAX + 1 - body.readableBytes();
      if (!over && !complete && room > 0) {
        body.writeBytes(part, Math.min(room, part.readableBytes()));
      }
    } finally {
      part.release();
    }
  }

  @Override
  public void endBody() {
    if (!complete) {
      complete = true;
      // Never from within the call that made this one.
      turns.add(() -> guarded(this::begin));
    }
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public boolean reused() {
    return false;
  }

  @Override
  public void cancel() {
    if (!over) {
      releaseBody();
      ended();
    }
  }

  @Override
  public void pauseReading() {
    paused = true;
  }

  @Override
  public void resumeReading() {
    boolean wasPaused = paused;
    paused = false;
    if (wasPaused && playing) {
      turns.add(() -> guarded(this::play));
    }
  }

  /// A fault of ours ends the call, as a provider's would.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("A simulated call failed", e);
      fail("The simulator failed.");
    }
  }

  private void begin() {
    if (over) {
      return;
    }
    Form form = Form.of(request.target());
    SimOptions.Parsed parsed = SimOptions.parse(request.headers());
    Refusal refusal = parsed.refusal();
    long reading = (long) READING_FACTOR * body.readableBytes();
    if (refusal == null && form == null) {
      refusal = Refusal.notFound("The simulator has no such endpoint.");
    }
    if (refusal == null && body.readableBytes() > Simulator.BODY_BYTES_MAX) {
      refusal = tooLarge();
    }
    if (refusal == null && !keep(reading)) {
      refusal = full();
    }
    byte[] bytes = refusal == null ? ByteBufUtil.getBytes(body) : new byte[0];
    releaseBody();
    Form known = form == null ? Form.CHAT : form;
    if (refusal != null) {
      answer(known, Script.refused(known, refusal, "sim"), refusal);
      return;
    }
    options = parsed.options();
    preparation = new Preparation(known, options, bytes);
    if (options.delayMillis() > 0) {
      later(this::prepare, true);
    } else {
      prepare();
    }
  }

  private void releaseBody() {
    if (bodyOwned) {
      bodyOwned = false;
      body.release();
    }
  }

  private static Refusal full() {
    return Refusal.overloaded("The simulator holds too many large requests.", 1);
  }

  private static Refusal tooLarge() {
    return Refusal.tooLarge(
        "The body is too large for the simulator (expected: ≤ %d bytes)."
            .formatted(Simulator.BODY_BYTES_MAX));
  }

  private void prepare() {
    Preparation preparing = preparation;
    if (over || preparing == null) {
      return;
    }
    Script script = preparing.step();
    while (script == null && !turns.over()) {
      script = preparing.step();
    }
    if (script == null) {
      later(this::prepare, false);
      return;
    }
    preparation = null;
    Form form = Form.of(request.target());
    begin(form == null ? Form.CHAT : form, script);
  }

  /// The script is known: now the failure asked for, or the answer.
  private void begin(Form form, Script script) {
    switch (options.failure()) {
      case HANG -> keep(0);
      case RATE_LIMITED -> {
        Refusal refusal = Refusal.tooMany("Simulated: too many requests.", 1);
        answer(form, Script.refused(form, refusal, "sim"), refusal);
      }
      case BROKEN -> {
        Refusal refusal = Refusal.of(500, "api_error", "internal", "Simulated: a failure.");
        answer(form, Script.refused(form, refusal, "sim"), refusal);
      }
      case CUT, NONE -> answer(form, script, null);
    }
  }

  /// Exchanges what was held for what is needed from here on; false when there is not so much.
  private boolean keep(long bytes) {
    boolean kept = simulator.exchange(heldBytes, bytes);
    heldBytes = kept ? bytes : heldBytes;
    return kept;
  }

  private void answer(Form form, Script script, @Nullable Refusal refusal) {
    if (!keep(Character.BYTES * script.heldChars())) {
      Refusal full = full();
      answer(form, Script.refused(form, full, "sim"), full);
      return;
    }
    stream = script.stream();
    parts = script.parts();
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, stream ? "text/event-stream" : "application/json");
    if (refusal != null && refusal.retryAfterSeconds() > 0) {
      headers.set(HttpHeaderNames.RETRY_AFTER, refusal.retryAfterSeconds());
    }
    long length = 0;
    while (!stream && length <= WHOLE_BYTES_MAX && parts.hasNext()) {
      length += next();
    }
    listener.head(script.status(), headers, stream || parts.hasNext() ? -1 : length);
    playing = true;
    play();
  }

  /// Makes the next part; returns its bytes.
  private int next() {
    byte[] made = parts.next().bytes();
    ready.add(Unpooled.wrappedBuffer(made));
    return made.length;
  }

  /// Gives as much as is taken; goes on when the delay is over or more is taken.
  private void play() {
    boolean gave = false;
    while (!over && !waiting && !paused) {
      if (ready.isEmpty() && !parts.hasNext()) {
        listener.readComplete();
        if (!over) {
          ended();
          listener.end();
        }
        return;
      }
      if (gave && (turns.over() || (stream && options.delayMillis() > 0))) {
        listener.readComplete();
        later(this::play, stream);
        return;
      }
      give();
      gave = true;
    }
    if (gave && !over) {
      listener.readComplete();
    }
  }

  private void give() {
    if (ready.isEmpty()) {
      next();
    }
    ByteBuf part = ready.remove();
    long left = options.cutBytes() - sentBytes;
    boolean cut = options.failure() == SimOptions.Failure.CUT && part.readableBytes() >= left;
    if (cut) {
      part.writerIndex(part.readerIndex() + (int) left);
    }
    sentBytes += part.readableBytes();
    if (part.isReadable()) {
      listener.data(part);
    } else {
      part.release();
    }
    if (cut && !over) {
      listener.readComplete();
      fail("Simulated: the answer broke off after %d bytes.".formatted(sentBytes));
    }
  }

  private void fail(String message) {
    if (!over) {
      ended();
      listener.failed(new UpstreamFailure(UpstreamFailure.Phase.IDLE, false, message, false));
    }
  }

  /// Goes on after the delay asked for, where one is due, else in a later turn.
  private void later(Runnable next, boolean delay) {
    waiting = true;
    Runnable step =
        () -> {
          waiting = false;
          if (!over) {
            guarded(next);
          }
        };
    if (delay && options.delayMillis() > 0) {
      loop.schedule(() -> turns.add(step), options.delayMillis(), TimeUnit.MILLISECONDS);
    } else {
      turns.add(step);
    }
  }

  private void ended() {
    over = true;
    playing = false;
    preparation = null;
    parts = Collections.emptyIterator();
    ready.forEach(ByteBuf::release);
    ready.clear();
    keep(0);
  }
}
