package dev.gatewright.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// One histogram by name: parts that count for themselves, each under its labels. Thread-safe.
public final class HistogramFamily implements Collector {
  private final String name;
  private final String help;
  private final boolean empty;
  private final List<Part> parts = new CopyOnWriteArrayList<>();

  private record Part(Labels labels, Buckets buckets) {}

  /// @param empty parts that have counted nothing are shown too
  HistogramFamily(String name, String help, boolean empty) {
    this.name = name;
    this.help = help;
    this.empty = empty;
  }

  /// @param labels names and values in turn; none that a caller chose
  public void add(Buckets buckets, String... labels) {
    parts.add(new Part(Labels.of(labels), buckets));
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(name).help(help);
    for (Part part : parts) {
      long[] each = part.buckets().each();
      long count = 0;
      for (long one : each) {
        count += one;
      }
      if (count > 0 || empty) {
        all.dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(part.labels())
                .sum(part.buckets().sum())
                .classicHistogramBuckets(buckets(part.buckets().bounds(), each))
                .build());
      }
    }
    return all.build();
  }

  private static ClassicHistogramBuckets buckets(double[] bounds, long[] each) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < each.length; i++) {
      buckets.bucket(bounds[i], each[i]);
    }
    return buckets.build();
  }

  @Override
  @SuppressWarnings("deprecation") // asked by registries that know no other name
  public String getPrometheusName() {
    return name;
  }
}
