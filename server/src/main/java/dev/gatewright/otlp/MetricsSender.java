package dev.gatewright.otlp;

import dev.gatewright.telemetry.Time;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what `/metrics` shows, at an interval, on a thread of its own.
final class MetricsSender {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsSender.class);

  private final Supplier<MetricSnapshots> shown;
  private final MetricExporter exporter;
  private final Resource resource;
  private final Duration interval;
  private final Duration patience;
  private final Time time;
  private final long startedMillis;
  private final Thread thread;
  private volatile long deadlineNanos;
  private volatile boolean ending;

  MetricsSender(
      Supplier<MetricSnapshots> shown,
      MetricExporter exporter,
      Resource resource,
      Duration interval,
      Duration patience,
      Time time) {
    this.shown = shown;
    this.exporter = exporter;
    this.resource = resource;
    this.interval = interval;
    this.patience = patience;
    this.time = time;
    this.startedMillis = time.millis();
    this.thread = Thread.ofPlatform().daemon().name("otlp-metrics").start(this::run);
  }

  private void run() {
    while (!ending) {
      await(interval);
      send();
    }
  }

  private synchronized void await(Duration most) {
    long until = time.nanos() + most.toNanos();
    try {
      for (long left = most.toNanos(); left > 0 && !ending; left = until - time.nanos()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      ending = true;
    }
  }

  private void send() {
    long left = ending ? deadlineNanos - time.nanos() : patience.toNanos();
    if (left <= 0) {
      return;
    }
    try {
      var data = ShownMetrics.of(shown.get(), resource, startedMillis, time.millis());
      var _ = exporter.export(data).join(left, TimeUnit.NANOSECONDS);
    } catch (RuntimeException bug) {
      LOG.error("metrics could not be sent", bug);
    }
  }

  /// They are sent once more, and nothing is waited for beyond the deadline.
  synchronized void end(long byNanos) {
    deadlineNanos = byNanos;
    ending = true;
    notifyAll();
  }

  void await() throws InterruptedException {
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - time.nanos())));
    thread.interrupt();
    exporter.shutdown();
  }
}
