package dev.gatewright.call.sink;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Says when a stream has been silent for long enough to be told alive, so that no load balancer on
/// the way takes it for dead. Confined to the call's event loop.
final class Keepalive {
  private final EventLoop loop;
  private final LongSupplier nanos;
  private final long idleNanos;
  private final Runnable silent;
  private long lastNanos;
  private @Nullable ScheduledFuture<?> next;
  private boolean stopped;

  /// @param silent runs after each `idleNanos` without a write
  Keepalive(EventLoop loop, LongSupplier nanos, long idleNanos, Runnable silent) {
    this.loop = loop;
    this.nanos = nanos;
    this.idleNanos = idleNanos;
    this.silent = silent;
  }

  void start() {
    lastNanos = nanos.getAsLong();
    schedule(idleNanos);
  }

  /// Something has been written: the silence begins anew.
  void written() {
    lastNanos = nanos.getAsLong();
  }

  void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  private void schedule(long delayNanos) {
    if (!stopped) {
      next = loop.schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void check() {
    long silence = nanos.getAsLong() - lastNanos;
    if (silence >= idleNanos) {
      silent.run();
      lastNanos = nanos.getAsLong();
      silence = 0;
    }
    schedule(idleNanos - silence);
  }
}
