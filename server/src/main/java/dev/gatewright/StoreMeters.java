package dev.gatewright;

import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.LedgerFigures;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.LaneUse;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// The ledger and the lanes to the store as metrics; docs/operating/metrics.md says what to watch.
final class StoreMeters {
  private static final double NANOS = 1e9;

  private StoreMeters() {}

  static void bind(MeterRegistry registry, Ledger ledger, Database database) {
    ledger(registry, ledger);
    for (Lane lane : database.use().keySet()) {
      lane(registry, database, lane, "busy", "connections at work", LaneUse::busy);
      lane(registry, database, lane, "most", "connections it has", LaneUse::most);
      lane(registry, database, lane, "waiting", "works that wait for one", LaneUse::waiting);
    }
  }

  private static void ledger(MeterRegistry registry, Ledger ledger) {
    FunctionTimer.builder(
            "gatewright.ledger.commits",
            ledger,
            now -> now.figures().commits(),
            now -> now.figures().commitNanos(),
            TimeUnit.NANOSECONDS)
        .description("commits of the attempt log, and how long they took")
        .register(registry);
    FunctionCounter.builder(
            "gatewright.ledger.commits.failed", ledger, now -> now.figures().failed())
        .description("commits of the attempt log that failed")
        .register(registry);
    ledger(registry, ledger, "waiting", "openings and closes not committed", f -> f.waiting());
    ledger(registry, ledger, "open", "attempts under way", f -> f.open());
    ledger(
        registry,
        ledger,
        "log.lag.seconds",
        "of the commit under way",
        f -> f.logLagNanos() / NANOS);
    ledger(
        registry,
        ledger,
        "projection.lag.seconds",
        "of usage not yet counted",
        f -> f.projectionLagNanos() / NANOS);
    ledger(registry, ledger, "aside", "instances that cannot be counted", f -> f.setAside());
    ledger(
        registry,
        ledger,
        "writeoff.nano",
        "nano-USD that calls cost beyond their reservations; must be 0",
        f -> f.writtenOffNano());
  }

  private static void ledger(
      MeterRegistry registry,
      Ledger ledger,
      String name,
      String description,
      ToDoubleFunction<LedgerFigures> figure) {
    Gauge.builder("gatewright.ledger." + name, ledger, now -> figure.applyAsDouble(now.figures()))
        .description(description)
        .register(registry);
  }

  private static void lane(
      MeterRegistry registry,
      Database database,
      Lane lane,
      String name,
      String description,
      ToDoubleFunction<LaneUse> figure) {
    Gauge.builder(
            "gatewright.store." + name,
            database,
            now -> {
              LaneUse use = now.use().get(lane);
              return use == null ? Double.NaN : figure.applyAsDouble(use);
            })
        .description(description)
        .tag("lane", lane.word())
        .register(registry);
  }
}
