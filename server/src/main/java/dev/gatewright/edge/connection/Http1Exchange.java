package dev.gatewright.edge.connection;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.head.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An [Exchange] on an HTTP/1.x connection. Confined to the connection's event loop; never used for
/// a second request, so that a handler which comes too late finds it ended.
final class Http1Exchange implements Exchange {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int CALLER_LEFT = 499;

  private final Http1Connection connection;
  private final RequestHead request;
  private final Http1Answer.RequestShape shape;
  private final Http1Answer answer;
  private final AccessEntry access = new AccessEntry();
  private boolean callerKeeps;
  private boolean keep;
  private boolean expectsContinue;
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

  /// Null until it has ended.
  private @Nullable Ended how;

  Http1Exchange(
      Http1Connection connection,
      RequestHead request,
      Http1Answer.RequestShape shape,
      boolean keep,
      boolean expectsContinue) {
    this.connection = connection;
    this.request = request;
    this.shape = shape;
    this.callerKeeps = keep;
    this.keep = keep;
    this.expectsContinue = expectsContinue;
    this.answer = new Http1Answer(connection.outbox());
  }

  /// What follows on this connection cannot be told apart from what came before: it ends with the
  /// answer, and not before the caller has had time to read it.
  void distrust() {
    keep = false;
    callerKeeps = true;
  }

  @Override
  public EventLoop eventLoop() {
    return connection.loop().eventLoop();
  }

  @Override
  public RequestHead request() {
    return request;
  }

  @Override
  public AccessEntry access() {
    return access;
  }

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
      connection.turn();
    }
  }

  /// Sends 100 Continue to a caller who waits for it, unless the body is already coming.
  private void invite() {
    if (expectsContinue && status == 0 && connection.reader().unreadBytes() == 0) {
      connection.outbox().bytes(CONTINUE, CONTINUE.length);
      connection.flush();
    }
    expectsContinue = false;
  }

  @Override
  public void pauseBody() {
    bodyPaused = true;
  }

  @Override
  public void resumeBody() {
    bodyPaused = false;
    if (!ended) {
      connection.turn();
    }
  }

  boolean takesBody() {
    return receiver != null && !bodyPaused;
  }

  /// @param part owned; null when there is none
  /// @param last whether the body is complete
  void deliver(@Nullable ByteBuf part, boolean last) {
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
  void refuseBody(Rejection why) {
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
    Consumer<HttpHeaders> adding = onHead;
    if (adding != null) {
      adding.accept(headers);
    }
    EdgeCore core = connection.loop().core();
    keep &= !core.drain().leaving() && keepsDespiteBody();
    HeadWriter writer = connection.loop().writer();
    writer.begin(status, core.time().millis(), request.id());
    writer.lines(core.cors().lines(request));
    keep = !answer.head(writer, shape, status, headers, bodyLength, !keep);
  }

  /// A caller who still waits for 100 Continue may or may not send the body: no telling where the
  /// next request begins.
  private boolean keepsDespiteBody() {
    RequestReader reader = connection.reader();
    return reader.bodyComplete() || (!expectsContinue && reader.restIsSmall());
  }

  @Override
  public void write(ByteBuf part) {
    if (ended) {
      part.release();
    } else if (!answer.write(part)) {
      reset("answer_too_long");
    }
  }

  @Override
  public void flush() {
    if (!ended) {
      connection.flush();
    }
  }

  @Override
  public void finish() {
    if (ended) {
      return;
    }
    if (status == 0 || !answer.end()) {
      reset("answer_too_short");
      return;
    }
    end(Ended.FINISHED);
    connection.ended(keep, !callerKeeps);
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
    connection.cut(answer.cutLooksComplete());
  }

  @Override
  public void closeAfter() {
    keep = false;
  }

  @Override
  public boolean isWritable() {
    return connection.channel().isWritable();
  }

  @Override
  public void upgrade(HttpHeaders headers, BodyReceiver to) {
    if (ended) {
      return;
    }
    if (status != 0 || receiver != null || request.hasBody()) {
      throw new IllegalStateException("upgrade() after another answer, or of a request's body");
    }
    status = WebSocketHandshake.SWITCHING;
    keep = false;
    receiver = to;
    bodyBytesMax = Long.MAX_VALUE;
    Consumer<HttpHeaders> adding = onHead;
    if (adding != null) {
      adding.accept(headers);
    }
    HeadWriter writer = connection.loop().writer();
    writer.begin(
        WebSocketHandshake.SWITCHING, connection.loop().core().time().millis(), request.id());
    answer.upgrade(writer, headers);
    connection.flush();
    connection.tunnel();
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

  void writabilityChanged() {
    guarded(onWritability);
  }

  /// The caller has left, or is as good as gone.
  void gone(String reason) {
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

  void deadline() {
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
    account();
  }

  private void account() {
    EdgeLoop loop = connection.loop();
    loop.core().drain().left();
    loop.log()
        .add(
            request,
            access,
            connection.clientText(request),
            status,
            bodyBytes,
            answer.bodyBytes(),
            loop.core().time().nanos() - request.receivedNanos());
  }

  @Override
  public boolean headSent() {
    return status != 0;
  }

  @Override
  public boolean ended() {
    return ended;
  }
}
