package dev.gatewright.edge.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// How many requests ended how, by route template and class of status: what metrics show. Bounded,
/// because templates are. Thread-safe; counting takes no lock.
public final class RequestCounts {
  private static final int CLASSES = 6;

  private final Map<String, Series[]> byRoute = new ConcurrentHashMap<>();
  private volatile Consumer<Series> onNew = _ -> {};

  /// One sum.
  ///
  /// @param statusClass the status's first digit, such as 2
  /// @param requests how many
  /// @param nanos from complete heads to the ends of exchanges, added up
  public record Series(String route, int statusClass, LongAdder requests, LongAdder nanos) {}

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
    Series series = all[Math.clamp(status / 100, 0, CLASSES - 1)];
    series.requests().increment();
    series.nanos().add(nanos);
  }

  private Series[] series(String route) {
    Series[] all = new Series[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      all[i] = new Series(route, i, new LongAdder(), new LongAdder());
      onNew.accept(all[i]);
    }
    return all;
  }
}
