package dev.gatewright.otlp;

import dev.gatewright.otlp.OtlpConfig.Batches;
import dev.gatewright.otlp.OtlpConfig.Way;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.RecordedTraces;
import dev.gatewright.telemetry.trace.SpanQueue;
import dev.gatewright.telemetry.trace.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Spans and metrics to a collector, by OTLP over HTTP. The first class of all that touches
/// OpenTelemetry's library, and loaded where something is to be sent. Thread-safe.
public final class Otlp implements AutoCloseable {
  /// What the last batches have at a stop, running calls being over.
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  /// Beyond a request's own time-out: by then the library has given it up.
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final LibraryLog log;
  private final Tracing tracing;
  private final @Nullable SpanQueue queue;
  private final @Nullable SpanSender spans;
  private final @Nullable MetricsSender metrics;
  private final Time time;

  private Otlp(OtlpConfig config, Resource resource, Supplier<MetricSnapshots> shown, Time time)
      throws IOException {
    this.time = time;
    Way toTraces = config.traces();
    Way toMetrics = config.metrics();
    SpanExporter spanExporter = toTraces == null ? null : spanExporter(toTraces);
    MetricExporter metricExporter = toMetrics == null ? null : metricExporter(toMetrics);
    this.log = LibraryLog.begin();
    if (toTraces == null || spanExporter == null) {
      this.queue = null;
      this.spans = null;
      this.tracing = Tracing.OFF;
    } else {
      Batches batches = config.batches();
      this.queue = new SpanQueue(batches.spansMax(), batches.size());
      this.tracing = new RecordedTraces(config.sampler(), queue);
      this.spans =
          new SpanSender(
              queue, batches, spanExporter, resource, toTraces.timeout().plus(SLACK), time);
    }
    this.metrics =
        toMetrics == null || metricExporter == null
            ? null
            : new MetricsSender(
                shown,
                metricExporter,
                resource,
                config.interval(),
                toMetrics.timeout().plus(SLACK),
                time);
  }

  /// Begins to send.
  ///
  /// @param process what says of this process who it is
  /// @param shown what `/metrics` shows
  /// @throws IOException when a certificate cannot be read
  /// @throws IllegalArgumentException when it cannot be used
  public static Otlp start(
      OtlpConfig config, Map<String, String> process, Supplier<MetricSnapshots> shown, Time time)
      throws IOException {
    Map<String, String> all = new HashMap<>(process);
    all.putAll(config.resource());
    AttributesBuilder attributes = Attributes.builder();
    all.forEach(attributes::put);
    Resource resource = Resource.getDefault().merge(Resource.create(attributes.build()));
    return new Otlp(config, resource, shown, time);
  }

  private static SpanExporter spanExporter(Way way) throws IOException {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(way.endpoint().toString())
            .setTimeout(way.timeout())
            .setCompression(way.gzip() ? "gzip" : "none")
            // What it counts of itself nobody asks for.
            .setMeterProvider(MeterProvider.noop());
    identify(way, builder::addHeader, builder::setTrustedCertificates, builder::setClientTls);
    return builder.build();
  }

  private static MetricExporter metricExporter(Way way) throws IOException {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(way.endpoint().toString())
            .setTimeout(way.timeout())
            .setCompression(way.gzip() ? "gzip" : "none")
            .setMeterProvider(MeterProvider.noop());
    identify(way, builder::addHeader, builder::setTrustedCertificates, builder::setClientTls);
    return builder.build();
  }

  /// Who we are to the collector, and who it must be. The library's builders have no type in
  /// common.
  private static void identify(
      Way way,
      BiConsumer<String, String> header,
      Consumer<byte[]> trust,
      BiConsumer<byte[], byte[]> show)
      throws IOException {
    way.headers().forEach((name, value) -> header.accept(name, value.expose()));
    Path trusted = way.certificate();
    if (trusted != null) {
      trust.accept(Files.readAllBytes(trusted));
    }
    Path key = way.clientKey();
    Path shown = way.clientCertificate();
    if (key != null && shown != null) {
      show.accept(Files.readAllBytes(key), Files.readAllBytes(shown));
    }
  }

  /// Whether spans are recorded, for those who make them.
  public Tracing tracing() {
    return tracing;
  }

  /// Spans that a collector has taken.
  public long sent() {
    return spans == null ? 0 : spans.sent();
  }

  /// Spans that no collector took.
  public long failed() {
    return spans == null ? 0 : spans.failed();
  }

  /// Spans that came while the queue was full.
  public long dropped() {
    return queue == null ? 0 : queue.dropped();
  }

  /// Sends what is there, waiting three seconds at most for all of it.
  @Override
  public void close() {
    long by = time.nanos() + LAST_WORDS.toNanos();
    if (spans != null) {
      spans.end(by);
    }
    if (metrics != null) {
      metrics.end(by);
    }
    try {
      if (spans != null) {
        spans.await();
      }
      if (metrics != null) {
        metrics.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }
}
