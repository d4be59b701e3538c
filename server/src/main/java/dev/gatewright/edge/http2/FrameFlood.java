package dev.gatewright.edge.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Counts the frames of one connection that cost us something and bring the caller nothing: pings,
/// settings, priorities, window updates, unknown ones and crumbs of data. What has been moved for
/// the caller pays for some of them. Confined to the connection's loop.
final class FrameFlood {
  /// For nothing, within each span.
  static final int FRAMES_MAX = 1_000;

  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// What pays for one more: a caller may say for each such piece that it has room again.
  private static final int BYTES_A_FRAME = 512;

  /// Data shorter than this is a crumb, unless it is the last.
  static final int CRUMB_BYTES = 16;

  private final LongSupplier nanos;
  private long beganNanos;
  private long frames;
  private long bytes;

  FrameFlood(LongSupplier nanos) {
    this.nanos = nanos;
    this.beganNanos = nanos.getAsLong();
  }

  /// Bytes of bodies, either way.
  void moved(int count) {
    bytes += count;
  }

  /// @throws Http2Exception which ends the connection, when there are too many
  void frame() throws Http2Exception {
    if (++frames <= FRAMES_MAX + bytes / BYTES_A_FRAME) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - beganNanos > SPAN_NANOS) {
      beganNanos = now;
      frames = 0;
      bytes = 0;
      return;
    }
    throw Http2Exception.connectionError(
        Http2Error.ENHANCE_YOUR_CALM, "more frames that bring nothing than %d", FRAMES_MAX);
  }
}
