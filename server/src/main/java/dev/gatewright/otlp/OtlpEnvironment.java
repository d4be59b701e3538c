package dev.gatewright.otlp;

import dev.gatewright.otlp.OtlpConfig.Batches;
import dev.gatewright.otlp.OtlpConfig.Way;
import dev.gatewright.telemetry.trace.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads the `OTEL_*` variables as OpenTelemetry's specification has them ("Environment Variable
/// Specification" and "OTLP Exporter Configuration", 1.5x): an empty one is none; a number, word or
/// switch that means nothing is told of and counts as not given. An address or a file that cannot
/// be used ends the start: whoever has written one wants something to arrive there.
public final class OtlpEnvironment {
  private static final String PREFIX = "OTEL_";
  private static final String EXPORTER = "OTEL_EXPORTER_OTLP_";
  private static final String DEFAULT_ENDPOINT = "http://localhost:4318";
  private static final int TEXT_CHARS_MAX = 256;
  private static final int ATTRIBUTES_MAX = 64;

  /// Known, and without a meaning here that anybody could miss.
  private static final Set<String> SILENT =
      Set.of(
          "OTEL_LOGS_EXPORTER",
          "OTEL_SEMCONV_STABILITY_OPT_IN",
          "OTEL_METRICS_EXEMPLAR_FILTER",
          "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_BSP_EXPORT_TIMEOUT",
          "OTEL_METRIC_EXPORT_TIMEOUT");

  private final Map<String, String> environment;
  private final Set<String> asked = new TreeSet<>(SILENT);
  private final List<String> warnings = new ArrayList<>();

  private OtlpEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /// What was read.
  ///
  /// @param warnings lines for the operator; none holds a header's value
  public record Read(OtlpConfig config, List<String> warnings) {}

  /// @throws IllegalArgumentException when an address or a file cannot be used
  public static Read read(Map<String, String> environment) {
    if (environment.keySet().stream().noneMatch(name -> name.startsWith(PREFIX))) {
      return new Read(OtlpConfig.NOTHING, List.of());
    }
    OtlpEnvironment reading = new OtlpEnvironment(environment);
    OtlpConfig config = reading.config();
    if (!config.none()) {
      reading.nameOthers();
    }
    return new Read(config, List.copyOf(reading.warnings));
  }

  private OtlpConfig config() {
    boolean disabled = flag("OTEL_SDK_DISABLED");
    boolean common = !text(EXPORTER + "ENDPOINT").isEmpty();
    boolean traces = !disabled && sends("TRACES", common, Set.of("otlp"), Set.of("none"));
    boolean metrics =
        // What Prometheus asks for is there anyway, on a listener of its own.
        !disabled && sends("METRICS", common, Set.of("otlp"), Set.of("none", "prometheus"));
    Way toTraces = traces ? way("TRACES", "v1/traces") : null;
    Way toMetrics = metrics ? way("METRICS", "v1/metrics") : null;
    if (traces || metrics) {
      propagators();
    }
    return new OtlpConfig(
        toTraces,
        batches(),
        sampler(),
        toMetrics,
        millis("OTEL_METRIC_EXPORT_INTERVAL", 60_000),
        resource());
  }

  /// Whether a signal goes out: where somebody has said so, or has said whereto.
  private boolean sends(String signal, boolean common, Set<String> yes, Set<String> no) {
    boolean addressed = common || !text(EXPORTER + signal + "_ENDPOINT").isEmpty();
    String name = PREFIX + signal + "_EXPORTER";
    String said = text(name).toLowerCase(Locale.ROOT);
    if (said.isEmpty()) {
      return addressed;
    }
    boolean sends = false;
    boolean meant = false;
    for (String word : said.split(",")) {
      String one = word.strip();
      sends |= yes.contains(one);
      meant |= yes.contains(one) || no.contains(one);
      if (!yes.contains(one) && !no.contains(one)) {
        warnings.add("%s: %s (expected: %s)".formatted(name, shown(one), "otlp or none"));
      }
    }
    return meant ? sends : addressed;
  }

  private Way way(String signal, String path) {
    OtlpSignal one = new OtlpSignal(signal, this::text, warnings::add);
    String own = text(EXPORTER + signal + "_ENDPOINT");
    String all = text(EXPORTER + "ENDPOINT");
    return new Way(
        own.isEmpty()
            ? OtlpSignal.below(EXPORTER + "ENDPOINT", all.isEmpty() ? DEFAULT_ENDPOINT : all, path)
            : OtlpSignal.address(EXPORTER + signal + "_ENDPOINT", own),
        one.headers(),
        one.timeout(),
        one.gzip(),
        one.file("CERTIFICATE"),
        one.file("CLIENT_KEY"),
        one.file("CLIENT_CERTIFICATE"));
  }

  private Batches batches() {
    int spans = count("OTEL_BSP_MAX_QUEUE_SIZE", 2048, 65_536);
    int size = count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, 4096);
    return new Batches(spans, Math.min(size, spans), millis("OTEL_BSP_SCHEDULE_DELAY", 5000));
  }

  private Sampler sampler() {
    String name = "OTEL_TRACES_SAMPLER";
    String said = text(name);
    String arg = text("OTEL_TRACES_SAMPLER_ARG");
    return switch (said) {
      case "", "parentbased_always_on" -> Sampler.DEFAULT;
      case "always_on" -> new Sampler(false, 1);
      case "always_off" -> new Sampler(false, 0);
      case "parentbased_always_off" -> new Sampler(true, 0);
      case "traceidratio" -> new Sampler(false, ratio(arg));
      case "parentbased_traceidratio" -> new Sampler(true, ratio(arg));
      default -> {
        warnings.add(
            "%s: %s (expected: %s)"
                .formatted(
                    name,
                    shown(said),
                    "[parentbased_]always_on, always_off or traceidratio; parentbased_always_on is taken"));
        yield Sampler.DEFAULT;
      }
    };
  }

  private double ratio(String arg) {
    try {
      double ratio = arg.isEmpty() ? 1 : Double.parseDouble(arg);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException notANumber) {
      // Told below.
    }
    warnings.add(
        "OTEL_TRACES_SAMPLER_ARG: %s (expected: 0…1%s)".formatted(shown(arg), "; 1 is taken"));
    return 1;
  }

  private Map<String, String> resource() {
    Map<String, String> all = new HashMap<>();
    String name = "OTEL_RESOURCE_ATTRIBUTES";
    for (Map.Entry<String, String> each :
        OtlpSignal.pairs(text(name), problem -> warnings.add("%s: %s".formatted(name, problem)))
            .entrySet()) {
      if (all.size() < ATTRIBUTES_MAX) {
        all.put(cut(each.getKey()), cut(each.getValue()));
      }
    }
    String service = text("OTEL_SERVICE_NAME");
    if (!service.isEmpty()) {
      all.put("service.name", cut(service));
    }
    all.putIfAbsent("service.name", "gatewright");
    return all;
  }

  private void propagators() {
    String name = "OTEL_PROPAGATORS";
    String said = text(name);
    if (!said.isEmpty() && !List.of(said.split("\\s*,\\s*")).contains("tracecontext")) {
      warnings.add(
          "%s: %s (expected: tracecontext, which is what is spoken)".formatted(name, shown(said)));
    }
  }

  /// Variables that nobody here has asked for: one line, names alone.
  private void nameOthers() {
    Set<String> others = new TreeSet<>();
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && !asked.contains(name) && !value.isBlank()) {
        others.add(shown(name));
      }
    });
    if (!others.isEmpty()) {
      warnings.add(
          "without a meaning here: "
              + String.join(", ", others.stream().limit(16).toList())
              + " (expected: those of docs/operating/telemetry.md)");
    }
  }

  private String text(String name) {
    asked.add(name);
    return environment.getOrDefault(name, "").strip();
  }

  private boolean flag(String name) {
    String said = text(name);
    if (!said.isEmpty() && !said.equalsIgnoreCase("true") && !said.equalsIgnoreCase("false")) {
      warnings.add("%s: %s (expected: true or false; false is taken)".formatted(name, shown(said)));
    }
    return said.equalsIgnoreCase("true");
  }

  private int count(String name, int fallback, int most) {
    return (int) OtlpSignal.number(name, text(name), fallback, most, warnings::add);
  }

  private Duration millis(String name, int fallback) {
    return Duration.ofMillis(
        OtlpSignal.number(name, text(name), fallback, 86_400_000, warnings::add));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX);
  }

  static String shown(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
