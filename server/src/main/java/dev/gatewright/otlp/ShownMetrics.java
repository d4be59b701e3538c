package dev.gatewright.otlp;

import dev.gatewright.telemetry.trace.Conventions;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What `/metrics` shows, in the words of the library that sends it: the same numbers under the
/// same names, a counter's less its `_total`. Nothing is counted twice. Immutable.
record ShownMetrics(
    String getName, String getDescription, MetricDataType getType, Data<?> getData, Resource sender)
    implements MetricData {

  /// @param startedMillis since when all of it counts
  static List<MetricData> of(
      MetricSnapshots shown, Resource resource, long startedMillis, long millis) {
    Reading reading =
        new Reading(
            TimeUnit.MILLISECONDS.toNanos(startedMillis), TimeUnit.MILLISECONDS.toNanos(millis));
    List<MetricData> all = new ArrayList<>();
    for (MetricSnapshot each : shown) {
      reading.read(each, resource, all);
    }
    return all;
  }

  private record Reading(long from, long at) {
    void read(MetricSnapshot shown, Resource resource, List<MetricData> into) {
      switch (shown) {
        case CounterSnapshot counter -> {
          var points =
              counter.getDataPoints().stream()
                  .map(at -> point(at.getLabels(), at.getValue()))
                  .toList();
          var sum = SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points);
          into.add(metric(shown, MetricDataType.DOUBLE_SUM, sum, resource));
        }
        case GaugeSnapshot gauge -> {
          var points =
              gauge.getDataPoints().stream()
                  .map(at -> point(at.getLabels(), at.getValue()))
                  .toList();
          var data = GaugeData.createDoubleGaugeData(points);
          into.add(metric(shown, MetricDataType.DOUBLE_GAUGE, data, resource));
        }
        case HistogramSnapshot histogram -> {
          var points = histogram.getDataPoints().stream().map(this::histogram).toList();
          var data = HistogramData.create(AggregationTemporality.CUMULATIVE, points);
          into.add(metric(shown, MetricDataType.HISTOGRAM, data, resource));
        }
        // Such as pauses of collections: how many, and how long together.
        case SummarySnapshot summary -> {
          var data =
              SummaryData.create(summary.getDataPoints().stream().map(this::summary).toList());
          into.add(metric(shown, MetricDataType.SUMMARY, data, resource));
        }
        default -> {
          // Nothing here is of another kind.
        }
      }
    }

    private static ShownMetrics metric(
        MetricSnapshot shown, MetricDataType type, Data<?> data, Resource resource) {
      String help = shown.getMetadata().getHelp();
      return new ShownMetrics(
          shown.getMetadata().getName(), help == null ? "" : help, type, data, resource);
    }

    private DoublePointData point(Labels labels, double value) {
      return DoublePointData.create(from, at, attributes(labels), value, List.of());
    }

    private SummaryPointData summary(SummaryDataPointSnapshot point) {
      return SummaryPointData.create(
          from, at, attributes(point.getLabels()), point.getCount(), point.getSum(), List.of());
    }

    private HistogramPointData histogram(HistogramDataPointSnapshot point) {
      ClassicHistogramBuckets buckets = point.getClassicBuckets();
      List<Double> bounds = new ArrayList<>();
      List<Long> counts = new ArrayList<>();
      for (int i = 0; i < buckets.size(); i++) {
        counts.add(buckets.getCount(i));
        if (i < buckets.size() - 1) {
          bounds.add(buckets.getUpperBound(i));
        }
      }
      return HistogramPointData.create(
          from,
          at,
          attributes(point.getLabels()),
          point.getSum(),
          false,
          0,
          false,
          0,
          bounds,
          counts);
    }

    private static Attributes attributes(Labels labels) {
      AttributesBuilder attributes = Attributes.builder();
      labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
      return attributes.build();
    }
  }

  /// The base unit that the name ends with; the conventions' names end with none.
  @Override
  public String getUnit() {
    if (getName.equals(Conventions.TOKEN_USAGE)) {
      return "{token}";
    }
    if (getName.equals(Conventions.OPERATION_DURATION)) {
      return "s";
    }
    return getName.endsWith("_seconds") ? "s" : getName.endsWith("_bytes") ? "By" : "";
  }

  @Override
  public Resource getResource() {
    return sender;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SentSpan.SCOPE;
  }
}
