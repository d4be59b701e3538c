package dev.gatewright.edge.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Notices that a peer's socket has taken nothing for too long while something waits for it. Asked
/// now and then; confined to the channel's event loop.
public final class StallWatch {
  private final Channel channel;
  private final long limitNanos;
  private @Nullable Object lastWaiting;
  private long lastProgress;
  private long sinceNanos;

  public StallWatch(Channel channel, Duration limit) {
    this.channel = channel;
    this.limitNanos = limit.toNanos();
  }

  // The same object still at the front is what counts; equal bytes are not the same bytes.
  @SuppressWarnings("ReferenceEquality")
  public boolean stalled(long nowNanos) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    Object waiting = buffer == null ? null : buffer.current();
    if (buffer == null || waiting == null) {
      lastWaiting = null;
      return false;
    }
    long progress = buffer.currentProgress();
    if (waiting != lastWaiting || progress != lastProgress) {
      lastWaiting = waiting;
      lastProgress = progress;
      sinceNanos = nowNanos;
      return false;
    }
    return nowNanos - sinceNanos > limitNanos;
  }
}
