package dev.gatewright.edge.log;

import dev.gatewright.telemetry.Buckets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// How many requests ended how, by route template and class of status: what metrics show. Bounded,
/// because templates are. Thread-safe; counting takes no lock.
public final class RequestCounts {
  private static final int CLASSES = 6;

  private final Map<String, Series[]> byRoute = new ConcurrentHashMap<>();
  private volatile Consumer<Series> onNew = _ -> {};

  /// One of them.
  ///
  /// @param statusClass the status's first digit, such as 2
  /// @param took from complete heads to the ends of exchanges
  public record Series(String route, int statusClass, Buckets took) {}

  /// `listener` hears of every series, those there are included.
  public void onNew(Consumer<Series> listener) {
    onNew = listener;
    byRoute
        .values()
        .forEach(all -> {
          for (Series series : all) {
            listener.accept(series);
          }
        });
  }

  void add(String route, int status, long nanos) {
    Series[] all = byRoute.get(route);
    if (all == null) {
      all = byRoute.computeIfAbsent(route, this::series);
    }
    all[Math.clamp(status / 100, 0, CLASSES - 1)].took().add(nanos);
  }

  private Series[] series(String route) {
    Series[] all = new Series[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      all[i] = new Series(route, i, new Buckets());
      onNew.accept(all[i]);
    }
    return all;
  }
}
