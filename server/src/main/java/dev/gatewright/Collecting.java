package dev.gatewright;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.otlp.Otlp;
import dev.gatewright.otlp.OtlpConfig;
import dev.gatewright.otlp.OtlpEnvironment;
import dev.gatewright.telemetry.Metrics;
import dev.gatewright.telemetry.Time;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether somebody collects traces and metrics, as the environment says: `OTEL_*`.
final class Collecting {
  private static final Logger LOG = LoggerFactory.getLogger(Collecting.class);

  private Collecting() {}

  /// Says what means nothing, once.
  ///
  /// @throws InvalidSetting when an address or a file cannot be used
  static OtlpConfig config(Map<String, String> environment) {
    OtlpEnvironment.Read read = judged(environment);
    read.warnings().forEach(warning -> LOG.warn("{}", warning));
    return read.config();
  }

  /// The same without a word.
  static OtlpEnvironment.Read judged(Map<String, String> environment) {
    try {
      return OtlpEnvironment.read(environment);
    } catch (IllegalArgumentException unusable) {
      throw new InvalidSetting(String.valueOf(unusable.getMessage()));
    }
  }

  /// @param instance this process's id in the record of calls
  /// @return null where nobody does: then nothing of it is loaded
  static @Nullable Otlp start(
      OtlpConfig config, String version, String instance, Metrics metrics, Time time)
      throws IOException {
    if (config.none()) {
      return null;
    }
    Map<String, String> process =
        Map.of("service.version", version, "service.instance.id", instance);
    Otlp otlp;
    try {
      otlp = Otlp.start(config, process, metrics::sent, time);
    } catch (IllegalArgumentException | IllegalStateException unusable) {
      throw new InvalidSetting(
          "OTEL_EXPORTER_OTLP_…: a certificate or key cannot be used: " + unusable.getMessage());
    }
    show(metrics.registry(), otlp);
    return otlp;
  }

  private static void show(MeterRegistry registry, Otlp otlp) {
    FunctionCounter.builder("gatewright.spans.sent", otlp, Otlp::sent)
        .description("spans a collector has taken")
        .register(registry);
    FunctionCounter.builder("gatewright.spans.failed", otlp, Otlp::failed)
        .description("spans no collector took")
        .register(registry);
    FunctionCounter.builder("gatewright.spans.dropped", otlp, Otlp::dropped)
        .description("spans that came while too many waited")
        .register(registry);
  }
}
