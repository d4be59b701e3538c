package dev.gatewright.edge.connection;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.telemetry.trace.Trace;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one life of an [Exchange], whatever the protocol below: its body, its answer, its one end
/// and who hears of it. How bytes get onto the wire is what the two protocols add. Confined to the
/// connection's event loop; never used for a second request, so that a handler which comes too late
/// finds it ended.
public abstract class EdgeExchange implements Exchange {
  private static final int CALLER_LEFT = 499;

  private final EdgeConnection connection;
  private final RequestHead request;
  private final AccessEntry access = new AccessEntry();
  private @Nullable BodyReceiver receiver;
  private boolean bodyPaused;
  private long bodyBytesMax;
  private long bodyBytes;
  private @Nullable Runnable onWritability;
  private @Nullable Consumer<Ended> onEnded;
  private @Nullable Consumer<HttpHeaders> onHead;
  private @Nullable Runnable onDeadline;
  private boolean deadlinePassed;
  private int status;
  private boolean ended;

  /// Null until somebody asks.
  private @Nullable Trace trace;

  /// Null until it has ended.
  private @Nullable Ended how;

  protected EdgeExchange(EdgeConnection connection, RequestHead request) {
    this.connection = connection;
    this.request = request;
  }

  @Override
  public final EventLoop eventLoop() {
    return connection.loop().eventLoop();
  }

  @Override
  public final RequestHead request() {
    return request;
  }

  @Override
  public final AccessEntry access() {
    return access;
  }

  @Override
  public final Trace trace() {
    Trace known = trace;
    if (known == null) {
      known = TraceHeaders.begin(connection.loop().core().tracing(), request.headers());
      trace = known;
    }
    return known;
  }

  // ── what a protocol adds ──

  /// What follows cannot be told apart from what came before, or is not wanted: nothing further is
  /// read as this caller's, and the answer is still delivered.
  public abstract void distrust();

  /// Tells a caller who waits for it that the body is wanted.
  public abstract void invite();

  /// Delivers what has come of the body, as far as [#takesBody()] allows.
  public abstract void readOn();

  public abstract void sendHead(int status, HttpHeaders headers, long bodyLength);

  /// Takes ownership of `part`.
  ///
  /// @return false when it is more than was announced; none of it is written then
  public abstract boolean send(ByteBuf part);

  public abstract void sendNow();

  /// Ends the answer.
  ///
  /// @return false when less was written than announced
  public abstract boolean sendEnd();

  /// It has ended with a complete answer.
  public abstract void finished();

  /// It has ended with a broken one.
  public abstract void cut();

  /// Bytes of the answer's body.
  public abstract long bytesOut();

  // ── the request's body ──

  @Override
  public void receive(BodyReceiver to, long bytesMax) {
    if (receiver != null) {
      throw new IllegalStateException("receive() was called twice");
    }
    if (ended) {
      return;
    }
    receiver = to;
    bodyBytesMax = bytesMax;
    if (request.bodyLength() > bytesMax) {
      refuseBody(Rejection.BODY_TOO_LARGE);
    } else if (!request.hasBody()) {
      to.end();
    } else {
      invite();
      readOn();
    }
  }

  @Override
  public void pauseBody() {
    bodyPaused = true;
  }

  @Override
  public void resumeBody() {
    bodyPaused = false;
    if (!ended) {
      readOn();
    }
  }

  public boolean takesBody() {
    return receiver != null && !bodyPaused;
  }

  /// @param part owned; null when there is none
  /// @param last whether the body is complete
  public void deliver(@Nullable ByteBuf part, boolean last) {
    BodyReceiver to = receiver;
    if (to == null) {
      throw new IllegalStateException("a part of a body nobody asked for");
    }
    try {
      if (part != null) {
        bodyBytes += part.readableBytes();
        if (bodyBytes > bodyBytesMax) {
          part.release();
          refuseBody(Rejection.BODY_TOO_LARGE);
          return;
        }
        to.data(part);
      }
      if (last && !ended) {
        to.end();
      }
    } catch (RuntimeException e) {
      Dispatch.failed(this, e);
    }
  }

  /// The body cannot be had; the connection ends with the answer.
  public void refuseBody(Rejection why) {
    BodyReceiver to = receiver;
    distrust();
    bodyPaused = true;
    if (to == null || ended) {
      return;
    }
    if (access.reason() == null) {
      access.reason(why.reason());
    }
    try {
      to.refused(refusal(why));
    } catch (RuntimeException e) {
      Dispatch.failed(this, e);
    }
  }

  private Refusal refusal(Rejection why) {
    return why == Rejection.BODY_TOO_LARGE
        ? Refusal.tooLarge(
            "The request's body is larger than allowed here (expected: at most %d bytes)."
                .formatted(bodyBytesMax))
        : why.refusal();
  }

  // ── the answer ──

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    if (ended) {
      return;
    }
    if (this.status != 0) {
      throw new IllegalStateException("head() was called twice");
    }
    this.status = status;
    added(headers);
    sendHead(status, headers, bodyLength);
  }

  private void added(HttpHeaders headers) {
    Consumer<HttpHeaders> adding = onHead;
    if (adding != null) {
      adding.accept(headers);
    }
  }

  /// This request's own connection becomes a tunnel.
  public final void switched(int status, HttpHeaders headers, BodyReceiver to) {
    if (this.status != 0 || receiver != null || request.hasBody()) {
      throw new IllegalStateException("upgrade() after another answer, or of a request's body");
    }
    this.status = status;
    receiver = to;
    bodyBytesMax = Long.MAX_VALUE;
    added(headers);
  }

  @Override
  public void write(ByteBuf part) {
    if (ended) {
      part.release();
    } else if (!send(part)) {
      reset("answer_too_long");
    }
  }

  @Override
  public void flush() {
    if (!ended) {
      sendNow();
    }
  }

  @Override
  public void finish() {
    if (ended) {
      return;
    }
    if (status == 0 || !sendEnd()) {
      reset("answer_too_short");
      return;
    }
    end(Ended.FINISHED);
    finished();
  }

  @Override
  public void reply(int status, HttpHeaders headers, ByteBuf body) {
    if (ended) {
      body.release();
      return;
    }
    head(status, headers, body.readableBytes());
    write(body);
    finish();
  }

  @Override
  public void reset(String reason) {
    if (ended) {
      return;
    }
    if (access.reason() == null) {
      access.reason(reason);
    }
    end(Ended.RESET);
    cut();
  }

  // ── what happens to the caller ──

  @Override
  public void onWritability(Runnable callback) {
    onWritability = callback;
  }

  @Override
  public void onEnded(Consumer<Ended> callback) {
    onEnded = callback;
    if (how != null) {
      callback.accept(how);
    }
  }

  @Override
  public void onHead(Consumer<HttpHeaders> callback) {
    onHead = callback;
  }

  @Override
  public void onDeadline(Runnable callback) {
    onDeadline = callback;
    if (deadlinePassed || connection.loop().core().drain().expired()) {
      deadline();
    }
  }

  public void writabilityChanged() {
    guarded(onWritability);
  }

  /// The caller has left, or is as good as gone.
  public void gone(String reason) {
    if (ended) {
      return;
    }
    if (status == 0) {
      status = CALLER_LEFT;
    }
    if (access.reason() == null) {
      access.reason(reason);
    }
    end(Ended.GONE);
  }

  public void deadline() {
    if (!ended) {
      deadlinePassed = true;
      guarded(onDeadline);
    }
  }

  private void guarded(@Nullable Runnable callback) {
    if (callback == null) {
      return;
    }
    try {
      callback.run();
    } catch (RuntimeException e) {
      Dispatch.failed(this, e);
    }
  }

  private void end(Ended by) {
    ended = true;
    how = by;
    Consumer<Ended> callback = onEnded;
    if (callback != null) {
      guarded(() -> callback.accept(by));
    }
    account(by);
  }

  private void account(Ended by) {
    EdgeLoop loop = connection.loop();
    long now = loop.core().time().nanos();
    loop.core().drain().left();
    loop.log()
        .add(
            request,
            access,
            trace().id(),
            connection.clientText(request),
            status,
            bodyBytes,
            bytesOut(),
            now - request.receivedNanos());
    told(by, now);
  }

  /// The whole of it, to who collects traces.
  private void told(Ended by, long now) {
    Trace known = trace();
    if (!access.traced() || !known.recorded()) {
      return;
    }
    boolean stranger = access.caller() == null;
    if (!stranger || access.called() || connection.loop().core().strangers().tells()) {
      known.tell(RequestSpan.of(known, request, access, status, by, now), !stranger);
    }
  }

  @Override
  public boolean headSent() {
    return status != 0;
  }

  @Override
  public final int status() {
    return status;
  }

  @Override
  public boolean ended() {
    return ended;
  }
}
