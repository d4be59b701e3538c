package dev.gatewright.otlp;

import dev.gatewright.otlp.OtlpConfig.Batches;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.SpanQueue;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes spans from the queue and sends them, one batch after another, on a thread of its own: a
/// collector that is slow or away costs this thread its time and the queue its room, and no call
/// anything.
final class SpanSender {
  private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);

  private final SpanQueue queue;
  private final Batches batches;
  private final SpanExporter exporter;
  private final Resource resource;
  private final Duration patience;
  private final Time time;
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread thread;

  /// On the steady counter; 0 = it is not to end.
  private volatile long deadlineNanos;

  private volatile boolean ending;

  /// @param patience of one batch, repetitions included
  SpanSender(
      SpanQueue queue,
      Batches batches,
      SpanExporter exporter,
      Resource resource,
      Duration patience,
      Time time) {
    this.queue = queue;
    this.batches = batches;
    this.exporter = exporter;
    this.resource = resource;
    this.patience = patience;
    this.time = time;
    this.thread = Thread.ofPlatform().daemon().name("otlp-spans").start(this::run);
  }

  private void run() {
    while (!ending) {
      queue.await(batches.delay().toNanos());
      sendWaiting();
    }
    sendWaiting();
  }

  private void sendWaiting() {
    List<Span> spans = new ArrayList<>(batches.size());
    queue.take(spans, batches.size());
    while (!spans.isEmpty() && left() > 0) {
      send(spans);
      spans.clear();
      queue.take(spans, batches.size());
    }
    failed.add(spans.size());
  }

  private void send(List<Span> spans) {
    boolean taken = false;
    try {
      List<SpanData> batch = new ArrayList<>(spans.size());
      for (Span span : spans) {
        batch.add(SentSpan.of(span, resource));
      }
      CompletableResultCode result = exporter.export(batch);
      taken = result.join(left(), TimeUnit.NANOSECONDS).isSuccess();
    } catch (RuntimeException bug) {
      LOG.error("{} spans could not be sent", spans.size(), bug);
    }
    (taken ? sent : failed).add(spans.size());
  }

  private long left() {
    return ending ? deadlineNanos - time.nanos() : patience.toNanos();
  }

  /// From now on nothing is waited for beyond the deadline.
  void end(long byNanos) {
    deadlineNanos = byNanos;
    ending = true;
    LockSupport.unpark(thread);
  }

  /// Waits for the last batch, until the deadline.
  void await() throws InterruptedException {
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - time.nanos())));
    // Beyond its deadline it may still wait for an answer that nobody wants any longer.
    thread.interrupt();
    exporter.shutdown();
  }

  long sent() {
    return sent.sum();
  }

  /// Spans no collector took.
  long failed() {
    return failed.sum();
  }
}
