package dev.gatewright;

import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.log.RequestCounts;
import dev.gatewright.ledger.AttemptFigures;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.mail.Mail;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.service.ServicePlane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.HistogramFamily;
import dev.gatewright.telemetry.Metrics;
import dev.gatewright.telemetry.trace.Conventions;
import dev.gatewright.telemetry.trace.GenAiFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Shows what the parts count anyway as metrics. No tag holds a key, a model or an address: those
/// have no bound, and usage has them exactly.
final class Meters {
  private Meters() {}

  static void bind(
      Metrics metrics, EdgeServer edge, AccessLog log, ChangeFeed feed, Health health) {
    MeterRegistry registry = metrics.registry();
    gauge(registry, "gatewright.connections", "open connections of callers", edge::connections);
    gauge(registry, "gatewright.running", "exchanges that run", () -> edge.drain().running());
    gauge(
        registry, "gatewright.healthy", "1 while /health says 200", () -> health.healthy() ? 1 : 0);
    gauge(
        registry,
        "gatewright.changes.staleness.seconds",
        "since all control-plane changes were last known to be heard",
        () -> feed.stalenessMillis() / 1000.0);
    FunctionCounter.builder(
            "gatewright.connections.refused", edge, EdgeServer::connectionsTurnedAway)
        .description("connections closed because too many were open")
        .register(registry);
    FunctionCounter.builder("gatewright.handshakes.failed", edge, EdgeServer::handshakesFailed)
        .description("connections that ended within TLS's handshake")
        .register(registry);
    FunctionCounter.builder("gatewright.accesslog.dropped", log, AccessLog::droppedLines)
        .description("lines the disk was too slow for")
        .register(registry);
    HistogramFamily requests =
        metrics.histogram(
            "gatewright_requests_seconds", "requests answered, and how long they took", false);
    log.counts()
        .onNew(series ->
            requests.add(series.took(), "route", series.route(), "status", status(series)));
  }

  static void mail(MeterRegistry registry, Mail mail) {
    FunctionCounter.builder("gatewright.mail.sent", mail, now -> now.figures().done())
        .description("mails the mail server took")
        .register(registry);
    FunctionCounter.builder("gatewright.mail.failed", mail, now -> now.figures().failed())
        .description("mails given up")
        .register(registry);
    gauge(
        registry, "gatewright.mail.waiting", "mails not yet sent", () -> mail.figures().waiting());
  }

  static void services(MeterRegistry registry, ServicePlane services) {
    gauge(registry, "gatewright.services.waiting", "calls that wait for one", services::waiting);
    gauge(
        registry,
        "gatewright.services.instances.out",
        "instances that are down or draining",
        services::instancesOut);
  }

  private static String status(RequestCounts.Series series) {
    return series.statusClass() == 0 ? "none" : series.statusClass() + "xx";
  }

  /// Calls to providers and services: how long, how soon, how much.
  static void attempts(Metrics metrics, AttemptFigures figures) {
    HistogramFamily took =
        metrics.histogram("gatewright_attempts_seconds", "tries at providers and services", true);
    HistogramFamily first =
        metrics.histogram(
            "gatewright_first_byte_seconds", "from a try's start to its answer's head", true);
    for (AttemptFigures.Kind kind : AttemptFigures.Kind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      first.add(figures.firstByte(kind), "kind", name);
      for (Outcome.End end : Outcome.End.values()) {
        took.add(figures.took(kind, end), "end", end.name().toLowerCase(Locale.ROOT), "kind", name);
      }
    }
    tokens(metrics.registry(), figures, "input", AttemptFigures::inputTokens);
    tokens(metrics.registry(), figures, "output", AttemptFigures::outputTokens);
    tokens(metrics.registry(), figures, "cached", AttemptFigures::cachedTokens);
  }

  /// In the words of OpenTelemetry's conventions, for collectors.
  static void genAi(Metrics metrics, GenAiFigures figures) {
    HistogramFamily tokens =
        metrics.sentAlone(Conventions.TOKEN_USAGE, "tokens of calls of models that are over");
    HistogramFamily took =
        metrics.sentAlone(Conventions.OPERATION_DURATION, "tries at models, and how long");
    figures.onNew(counted -> {
      GenAiFigures.Series series = counted.series();
      List<String> labels = new ArrayList<>();
      Collections.addAll(labels, Conventions.OPERATION, series.operation());
      Collections.addAll(labels, Conventions.PROVIDER, series.provider());
      if (!series.error().isEmpty()) {
        Collections.addAll(labels, Conventions.ERROR_TYPE, series.error());
      }
      if (!series.tokenType().isEmpty()) {
        Collections.addAll(labels, Conventions.TOKEN_TYPE, series.tokenType());
      }
      (series.tokenType().isEmpty() ? took : tokens)
          .add(counted.counted(), labels.toArray(String[]::new));
    });
  }

  private static void tokens(
      MeterRegistry registry,
      AttemptFigures figures,
      String type,
      ToDoubleFunction<AttemptFigures> count) {
    FunctionCounter.builder("gatewright.tokens", figures, count)
        .description(
            "tokens of calls that are over, by the best evidence; cached are a part of input")
        .tag("type", type)
        .register(registry);
  }

  static void upstreams(MeterRegistry registry, Upstreams upstreams) {
    gauge(
        registry,
        "gatewright.upstreams.connections",
        "open connections to providers, services and the portal",
        () -> upstreams.use().connections());
    gauge(
        registry,
        "gatewright.upstreams.waiting",
        "calls that wait for one, the target being at its most",
        () -> upstreams.use().waiting());
    gauge(
        registry,
        "gatewright.upstreams.full",
        "targets that have as many as they may",
        () -> upstreams.use().full());
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }
}
