package dev.gatewright.limit.count;

import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Counts in memory: the whole of each limit where this process is alone, else its share.
public record LocalCounter(LocalLimits local) implements Counter {
  @Override
  public void take(List<Limit> limits, Demand demand, Executor executor, Consumer<Decision> then) {
    then.accept(local.take(limits, demand));
  }

  @Override
  public Standing look(List<Limit> limits) {
    return local.look(limits);
  }

  @Override
  public String mode() {
    return local.sharers() > 1 ? "share" : "local";
  }

  @Override
  public void close() {}
}
