package dev.gatewright.call;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket whose handshake both sides have accepted: bytes both ways as they come. Frames are
/// followed, not held, so that the gate can say a last word between two of them. Confined to the
/// exchange's event loop.
final class TunnelSink implements Sink, Tap {
  /// How long the end of a socket may wait for the frame under way to end.
  private static final long LAST_FRAME_MILLIS = 300;

  /// How long a backend has to take what was written, once nobody is there any more.
  private static final long FAREWELL_MILLIS = 200;

  private final Exchange exchange;
  private final UpstreamCall backend;
  private final BodyReceiver outward;
  private final Time time;
  private final Duration idle;
  private final Runnable onIdle;
  private final FrameTrack fromCaller = new FrameTrack();
  private final FrameTrack fromBackend = new FrameTrack();
  private @Nullable ScheduledFuture<?> timer;
  private long lastNanos;
  private long backendBytes;
  private @Nullable CloseFrame closing;
  private boolean over;

  /// @param outward takes what the caller sends, at the backend's pace
  /// @param onIdle runs when nothing has passed for `idle`
  TunnelSink(
      Exchange exchange,
      UpstreamCall backend,
      BodyReceiver outward,
      Time time,
      Duration idle,
      Runnable onIdle) {
    this.exchange = exchange;
    this.backend = backend;
    this.outward = outward;
    this.time = time;
    this.idle = idle;
    this.onIdle = onIdle;
  }

  /// @param answer the head of the 101
  void open(HttpHeaders answer) {
    lastNanos = time.nanos();
    later(this::look, idle.toNanos());
    exchange.upgrade(answer, new FromCaller());
  }

  private final class FromCaller implements BodyReceiver {
    @Override
    public void data(ByteBuf part) {
      if (over || closing != null) {
        part.release();
        return;
      }
      lastNanos = time.nanos();
      int _ = fromCaller.pass(part);
      outward.data(part);
    }

    @Override
    public void end() {
      // A tunnel has no end but the caller's going.
    }

    @Override
    public void refused(Refusal refusal) {
      // Nothing of a tunnel is refused.
    }
  }

  // ── backend to caller ──

  @Override
  public void data(ByteBuf part) {
    if (over) {
      part.release();
      return;
    }
    lastNanos = time.nanos();
    backendBytes += part.readableBytes();
    int whole = fromBackend.pass(part);
    if (closing != null && whole > 0) {
      part.writerIndex(part.readerIndex() + whole);
      exchange.write(part);
      farewell(true);
    } else {
      exchange.write(part);
    }
  }

  @Override
  public void readComplete() {
    exchange.flush();
  }

  // ── ends ──

  /// The backend has closed.
  @Override
  public void end() {
    if (closing != null) {
      farewell(fromBackend.betweenFrames());
    }
    release();
  }

  /// The gate ends it: with a close frame behind the frame under way, then both connections. After
  /// a break the caller is told nothing more.
  @Override
  public void breakOff(Refusal why) {
    if (over) {
      exchange.reset(why.code());
    } else if (closing == null) {
      closing = CloseFrame.of(why);
      if (fromBackend.betweenFrames()) {
        farewell(true);
      } else {
        later(() -> farewell(false), TimeUnit.MILLISECONDS.toNanos(LAST_FRAME_MILLIS));
      }
    }
  }

  private void farewell(boolean betweenFrames) {
    CloseFrame frame = closing;
    if (over || frame == null) {
      return;
    }
    // A caller who takes nothing would not take the close frame either.
    boolean tell = betweenFrames && !fromBackend.closeSeen() && exchange.isWritable();
    if (fromCaller.betweenFrames() && !fromCaller.closeSeen()) {
      backend.write(CloseFrame.toBackend());
    }
    release();
    if (tell) {
      exchange.write(frame.toCaller());
      exchange.finish();
    } else {
      exchange.reset("socket_closed");
    }
  }

  @Override
  public boolean lingers() {
    return !over;
  }

  @Override
  public boolean settled() {
    return fromCaller.closeSeen() || fromBackend.closeSeen();
  }

  /// Nobody listens any more: what was written still goes, then the connection closes, soon.
  @Override
  public void leave(UpstreamCall upstream) {
    upstream.resumeReading();
    upstream.endBody();
    var _ = exchange.eventLoop().schedule(upstream::cancel, FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void release() {
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  // ── rest ──

  private void look() {
    long left = idle.toNanos() - (time.nanos() - lastNanos);
    if (left > 0) {
      later(this::look, left);
    } else {
      onIdle.run();
    }
  }

  private void later(Runnable then, long nanos) {
    if (timer != null) {
      timer.cancel(false);
    }
    timer = exchange.eventLoop().schedule(then, nanos, TimeUnit.NANOSECONDS);
  }

  // ── what it tells ──

  @Override
  public Tap tap() {
    return this;
  }

  @Override
  public void watch(ByteBuf part) {}

  @Override
  public void finish() {}

  @Override
  public Usage usage() {
    return Usage.of(Unit.BYTES, backendBytes, Source.COUNTED);
  }

  @Override
  public long outputSoFar() {
    return backendBytes;
  }

  @Override
  public boolean countsBytes() {
    return true;
  }

  /// Whole where the backend's end is one between two frames.
  @Override
  public Ending ending() {
    return fromBackend.closeSeen() || fromBackend.betweenFrames()
        ? Ending.COMPLETE
        : Ending.UNFINISHED;
  }
}
