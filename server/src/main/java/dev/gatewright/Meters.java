package dev.gatewright;

import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.log.RequestCounts;
import dev.gatewright.mail.Mail;
import dev.gatewright.service.ServicePlane;
import dev.gatewright.store.ChangeFeed;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Shows what the parts count anyway as metrics. No tag holds a key, a model or an address: those
/// have no bound, and usage has them exactly.
final class Meters {
  private Meters() {}

  static void bind(
      MeterRegistry registry, EdgeServer edge, AccessLog log, ChangeFeed feed, Health health) {
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
    log.counts().onNew(series -> requests(registry, series));
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

  private static void requests(MeterRegistry registry, RequestCounts.Series series) {
    FunctionTimer.builder(
            "gatewright.requests",
            series,
            counted -> counted.requests().sum(),
            counted -> counted.nanos().sum(),
            TimeUnit.NANOSECONDS)
        .description("requests answered, and how long they took")
        .tag("route", series.route())
        .tag("status", series.statusClass() == 0 ? "none" : series.statusClass() + "xx")
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }
}
