package dev.gatewright.service;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket whose handshake both sides have accepted: bytes both ways as they come, each side
/// slowed to what the other takes. Frames are followed, not held, so that the gate can say a last
/// word between two of them. Confined to the exchange's event loop.
final class SocketTunnel implements BodyReceiver {
  /// How long the end of a socket may wait for the frame under way to end.
  private static final long LAST_FRAME_MILLIS = 300;

  /// How long a backend has to take what was written, once nobody is there any more.
  private static final long FAREWELL_MILLIS = 200;

  private final Exchange exchange;
  private final UpstreamCall backend;
  private final Time time;
  private final Duration idle;
  private final Runnable onIdle;
  private final FrameTrack fromCaller = new FrameTrack();
  private final FrameTrack fromBackend = new FrameTrack();
  private @Nullable ScheduledFuture<?> timer;
  private long lastNanos;
  private long callerBytes;
  private long backendBytes;
  private @Nullable CloseFrame closing;
  private boolean paused;
  private boolean over;

  /// @param onIdle runs when nothing has passed for `idle`
  SocketTunnel(Exchange exchange, UpstreamCall backend, Time time, Duration idle, Runnable onIdle) {
    this.exchange = exchange;
    this.backend = backend;
    this.time = time;
    this.idle = idle;
    this.onIdle = onIdle;
    this.lastNanos = time.nanos();
    rest(idle.toNanos());
  }

  long callerBytes() {
    return callerBytes;
  }

  long backendBytes() {
    return backendBytes;
  }

  /// One side has said that this is the end, so that its going is no surprise.
  boolean closeSeen() {
    return fromCaller.closeSeen() || fromBackend.closeSeen();
  }

  /// The backend's end, now, is one between two frames.
  boolean endsWhole() {
    return fromBackend.closeSeen() || fromBackend.betweenFrames();
  }

  // ── caller to backend ──

  @Override
  public void data(ByteBuf part) {
    if (over || closing != null) {
      part.release();
      return;
    }
    lastNanos = time.nanos();
    callerBytes += part.readableBytes();
    int _ = fromCaller.pass(part);
    backend.write(part);
    if (!backend.isWritable()) {
      exchange.pauseBody();
    }
  }

  @Override
  public void end() {
    // A tunnel has no end but the caller's going.
  }

  @Override
  public void refused(Refusal refusal) {
    // Nothing of a tunnel is refused.
  }

  /// The backend takes more.
  void backendTakes() {
    if (!over && closing == null) {
      exchange.resumeBody();
    }
  }

  // ── backend to caller ──

  /// Ownership of `part` passes.
  void fromBackend(ByteBuf part) {
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
      return;
    }
    exchange.write(part);
    pace();
  }

  /// Reads on or stops reading, as the caller can take more.
  void pace() {
    boolean pause = !over && !exchange.isWritable();
    if (pause != paused) {
      paused = pause;
      if (pause) {
        backend.pauseReading();
      } else {
        backend.resumeReading();
      }
    }
  }

  // ── ends ──

  /// The gate ends it: with a close frame behind the frame under way, then both connections.
  void close(CloseFrame frame) {
    if (over || closing != null) {
      return;
    }
    closing = frame;
    exchange.pauseBody();
    if (fromBackend.betweenFrames()) {
      farewell(true);
    } else {
      later(() -> farewell(false), TimeUnit.MILLISECONDS.toNanos(LAST_FRAME_MILLIS));
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
    leaveBackend();
    if (tell) {
      exchange.write(frame.toCaller());
      exchange.finish();
    } else {
      exchange.reset("socket_closed");
    }
  }

  /// The backend has closed.
  void backendLeft() {
    if (closing != null) {
      farewell(fromBackend.betweenFrames());
    } else if (!over) {
      stop();
      exchange.finish();
    }
  }

  /// The backend has broken off.
  void backendBroke() {
    if (!over) {
      stop();
      exchange.reset("upstream_idle");
    }
  }

  /// Nobody listens any more: what was written still goes, then the connection closes, soon.
  void leaveBackend() {
    if (over) {
      return;
    }
    stop();
    backend.resumeReading();
    backend.endBody();
    var _ = exchange.eventLoop().schedule(backend::cancel, FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void stop() {
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  // ── rest ──

  private void rest(long nanos) {
    later(this::look, nanos);
  }

  private void look() {
    long left = idle.toNanos() - (time.nanos() - lastNanos);
    if (left > 0) {
      rest(left);
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
}
