package dev.gatewright.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process's meters, and the listener that shows them to Prometheus at `/metrics`. Thread-safe.
/// Meters never carry a key, a name a caller chose, or anything else without a bound.
public final class Metrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// The process's own meters, once somebody has looked.
  private @Nullable JvmGcMetrics collections;

  private final List<HistogramFamily> sentAlone = new CopyOnWriteArrayList<>();

  private final @Nullable HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Metrics(MetricsConfig config) throws IOException {
    this.server = listen(config);
  }

  /// Starts the listener.
  ///
  /// @throws IOException when the configured address cannot be had
  public static Metrics start(MetricsConfig config) throws IOException {
    return new Metrics(config);
  }

  /// Where packages register their meters.
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /// A new histogram of seconds.
  ///
  /// @param name as Prometheus shows it, ending with `_seconds`
  /// @param empty parts that have counted nothing are shown too: for few of them, so that a rate is
  ///   there from the first one on
  public HistogramFamily histogram(String name, String help, boolean empty) {
    HistogramFamily family = new HistogramFamily(name, help, empty);
    registry.getPrometheusRegistry().register(family);
    return family;
  }

  /// A new histogram that collectors are sent and `/metrics` does not show: what it counts is there
  /// under a name of ours already.
  public HistogramFamily sentAlone(String name, String help) {
    HistogramFamily family = new HistogramFamily(name, help, false);
    sentAlone.add(family);
    return family;
  }

  /// What a collector is sent now: what `/metrics` shows, and what it does not.
  public MetricSnapshots sent() {
    watchProcess();
    List<MetricSnapshot> all = new ArrayList<>();
    registry.getPrometheusRegistry().scrape().forEach(all::add);
    sentAlone.forEach(family -> all.add(family.collect()));
    return new MetricSnapshots(all);
  }

  /// The port in use; 0 when the default one was taken.
  public int port() {
    return server == null ? 0 : server.getAddress().getPort();
  }

  /// Management beans are a part of a start and of every collection's work; whoever never looks
  /// need not pay for them. So collections are counted from the first look on.
  private synchronized void watchProcess() {
    if (collections == null) {
      new JvmMemoryMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new FileDescriptorMetrics().bindTo(registry);
      collections = new JvmGcMetrics();
      collections.bindTo(registry);
    }
  }

  private @Nullable HttpServer listen(MetricsConfig config) throws IOException {
    try {
      HttpServer listener =
          HttpServer.create(new InetSocketAddress(config.host(), config.port()), 16);
      listener.createContext("/metrics", this::show);
      listener.setExecutor(threads);
      listener.start();
      return listener;
    } catch (IOException taken) {
      String address = config.host() + ":" + config.port();
      if (config.required()) {
        throw new IOException(
            "metrics: %s cannot be listened on: %s".formatted(address, taken.getMessage()), taken);
      }
      LOG.warn("metrics: {} is taken; going on without (set metrics.port)", address);
      return null;
    }
  }

  private void show(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean right =
          exchange.getRequestURI().getPath().equals("/metrics")
              && exchange.getRequestMethod().equals("GET");
      if (!right) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      watchProcess();
      byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(200, text.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(text);
      }
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
    synchronized (this) {
      if (collections != null) {
        collections.close();
      }
    }
    registry.close();
  }
}
