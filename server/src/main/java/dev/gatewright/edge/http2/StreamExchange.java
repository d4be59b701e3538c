package dev.gatewright.edge.http2;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.edge.connection.EdgeExchange;
import dev.gatewright.edge.connection.EdgeLoop;
import dev.gatewright.edge.connection.WaitWatch;
import dev.gatewright.edge.connection.WaitWatch.Wait;
import dev.gatewright.edge.head.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// An exchange on an HTTP/2 stream. Lives until the stream is closed, which may be later than its
/// end: what was written waits for the caller's window. Confined to the connection's event loop.
final class StreamExchange extends EdgeExchange {
  /// What of a body nobody wanted may still come, so that its caller need not be told to stop.
  private static final int SKIPPED_BYTES_MAX = 64 << 10;

  private static final Http2Headers CONTINUE = new DefaultHttp2Headers(false, 1).status("100");

  private final Http2Session session;
  private final Http2Stream stream;
  private final StreamAnswer answer;
  private final StreamBody body;
  private final WaitWatch waits;
  private boolean expectsContinue;
  private boolean distrusted;
  private boolean windowWidened;
  private boolean delivering;

  /// The stream has taken the answer's end.
  private boolean left;

  /// The answer has been held up by the caller's window since its last look.
  private boolean heldUp;

  private long progress;
  private long progressNanos;

  /// @param bodyFollows frames of a body are to come
  StreamExchange(
      Http2Session session,
      Http2Stream stream,
      RequestHead request,
      boolean bodyFollows,
      boolean expectsContinue) {
    super(session, request);
    this.session = session;
    this.stream = stream;
    this.expectsContinue = expectsContinue;
    boolean toHead = request.method().equals("HEAD");
    this.answer =
        new StreamAnswer(session.codec(), session.flood(), stream.id(), toHead, this::answerLeft);
    EdgeCore core = session.loop().core();
    this.body = new StreamBody(core.unread(), session.holder(), !bodyFollows);
    this.waits = new WaitWatch(core.limits(), false);
  }

  int id() {
    return stream.id();
  }

  // ── the request's body ──

  /// @param data not handed over
  /// @return bytes of it that are dealt with: the caller may send as many again
  int came(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    body.came(bytes, end);
    session.flood().moved(bytes);
    if (ended() || distrusted) {
      callOff();
      return bytes;
    }
    if (takesBody() && body.isEmpty() && !delivering) {
      give(bytes == 0 ? null : data.retain(), end);
      return bytes;
    }
    if (bytes > 0 && !body.keep(data)) {
      noRoom();
      return bytes;
    }
    readOn();
    return 0;
  }

  private void noRoom() {
    if (takesBody()) {
      refuseBody(Rejection.UNREAD);
    } else {
      reset(Rejection.UNREAD.reason());
    }
  }

  private void give(@Nullable ByteBuf part, boolean last) {
    if (last) {
      body.endGiven();
    }
    if (part != null || last) {
      deliver(part, last);
    }
  }

  @Override
  public void readOn() {
    widenWindow();
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (!ended() && takesBody() && body.pending()) {
        ByteBuf part = body.take();
        int bytes = part == null ? 0 : part.readableBytes();
        give(part, body.complete());
        session.consumed(stream, bytes);
      }
    } finally {
      delivering = false;
    }
  }

  /// A body that is wanted and may be long need not wait for each piece to be asked for.
  private void widenWindow() {
    long length = request().bodyLength();
    if (!windowWidened && (length < 0 || length > Http2Codec.STREAM_WINDOW)) {
      windowWidened = true;
      session.widen(stream, Http2Codec.WANTED_WINDOW - Http2Codec.STREAM_WINDOW);
    }
  }

  @Override
  public void invite() {
    if (expectsContinue && !headSent() && body.come() == 0) {
      session
          .codec()
          .encoder()
          .writeHeaders(
              session.codec().context(),
              stream.id(),
              CONTINUE,
              0,
              false,
              session.codec().context().newPromise());
      session.flush();
    }
    expectsContinue = false;
  }

  @Override
  public void distrust() {
    distrusted = true;
    body.release();
  }

  // ── the answer ──

  @Override
  public void sendHead(int status, HttpHeaders headers, long bodyLength) {
    EdgeLoop loop = session.loop();
    EdgeCore core = loop.core();
    long announced = StreamAnswer.bodiless(status) ? -1 : bodyLength;
    Http2Headers made =
        loop.streamHeads()
            .head(
                status,
                core.time().millis(),
                request().id(),
                core.cors().lines(request()),
                headers,
                announced);
    answer.head(made, status, bodyLength);
  }

  @Override
  public boolean send(ByteBuf part) {
    return answer.write(part);
  }

  @Override
  public void sendNow() {
    answer.pass();
    session.flush();
  }

  @Override
  public boolean sendEnd() {
    return answer.end();
  }

  @Override
  public void finished() {
    body.release();
    session.flush();
  }

  private void answerLeft() {
    left = true;
    callOff();
  }

  /// Whose body is still coming, behind a whole answer, is told that nobody waits for it; not for
  /// the sake of a few bytes.
  private void callOff() {
    long length = request().bodyLength();
    long rest = length < 0 ? body.come() : length - body.come();
    if (left && !body.complete() && rest > SKIPPED_BYTES_MAX) {
      session.reset(this, Http2Error.NO_ERROR);
    }
  }

  @Override
  public void cut() {
    answer.release();
    session.reset(this, Http2Error.INTERNAL_ERROR);
  }

  @Override
  public long bytesOut() {
    return answer.bodyBytes();
  }

  /// Others go on on the same connection.
  @Override
  public void closeAfter() {}

  @Override
  public boolean isWritable() {
    boolean writable = session.codec().encoder().flowController().isWritable(stream);
    heldUp |= !writable && !ended();
    return writable;
  }

  /// No handshake that asks for a tunnel can be written in HTTP/2: `upgrade` is refused there.
  @Override
  public void upgrade(HttpHeaders headers, BodyReceiver receiver) {
    throw new IllegalStateException("upgrade() of an HTTP/2 stream");
  }

  // ── ends and deadlines ──

  /// The stream is closed, by whomever.
  void closed(String reason) {
    gone(reason);
    answer.release();
    body.release();
  }

  /// @return false when it has waited for its caller for too long
  boolean sweep(long nowNanos) {
    if (stalled(nowNanos)) {
      return false;
    }
    boolean coming = !body.complete() && (ended() || takesBody());
    Wait wait = coming ? Wait.BODY : Wait.NOTHING;
    long brought = body.come() / session.loop().core().limits().bodyBytesLeast();
    if (!waits.expired(wait, brought, nowNanos)) {
      return true;
    }
    if (ended()) {
      return false;
    }
    refuseBody(Rejection.BODY_TIMEOUT);
    return true;
  }

  /// Something waits for the caller, who has taken nothing of it.
  private boolean stalled(long nowNanos) {
    var flow = session.codec().encoder().flowController();
    boolean waiting =
        flow.hasFlowControlled(stream) || (heldUp && !ended() && !flow.isWritable(stream));
    long now = answer.taken() ^ ((long) flow.windowSize(stream) << 32);
    if (!waiting || now != progress || progressNanos == 0) {
      progress = now;
      progressNanos = nowNanos;
      heldUp &= waiting;
      return false;
    }
    return nowNanos - progressNanos > session.loop().core().limits().writeStall().toNanos();
  }
}
