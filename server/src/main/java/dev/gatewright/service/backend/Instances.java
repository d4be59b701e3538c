package dev.gatewright.service.backend;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A service's instances, as places where calls run: those up before those still loading, then
/// those that have the model loaded, then the least busy.
public final class Instances implements FairQueue.Slots<Instance> {
  private final List<Instance> all;
  private final int concurrency;

  /// @param concurrency calls at once on each
  Instances(List<Instance> all, int concurrency) {
    this.all = List.copyOf(all);
    this.concurrency = concurrency;
  }

  public List<Instance> all() {
    return all;
  }

  int concurrency() {
    return concurrency;
  }

  @Override
  public int places() {
    return concurrency * (int) all.stream().filter(Instance::eligible).count();
  }

  @Override
  public @Nullable Instance take(@Nullable String model) {
    Instance best = null;
    for (Instance each : all) {
      boolean free = each.eligible() && each.busy() < concurrency;
      if (free && (best == null || order(model).compare(each, best) < 0)) {
        best = each;
      }
    }
    if (best != null) {
      best.busy(1);
    }
    return best;
  }

  @Override
  public void give(Instance slot) {
    slot.busy(-1);
  }

  /// One that would be asked how it is; null when none may be asked.
  public @Nullable Instance best() {
    return all.stream().filter(Instance::eligible).min(order(null)).orElse(null);
  }

  private static Comparator<Instance> order(@Nullable String model) {
    return Comparator.comparing(Instance::state)
        .thenComparingInt(instance -> model != null && instance.hasLoaded(model) ? 0 : 1)
        .thenComparingInt(Instance::busy);
  }
}
