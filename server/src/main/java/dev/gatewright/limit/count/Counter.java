package dev.gatewright.limit.count;

import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Who keeps count. Thread-safe, blocks nobody.
public interface Counter extends AutoCloseable {
  /// Takes what is asked for of all limits, or nothing of any. `then` runs once: before this
  /// returns where memory can decide, else on `executor`.
  ///
  /// @param limits in their order, each once
  void take(List<Limit> limits, Demand demand, Executor executor, Consumer<Decision> then);

  /// How limits stand, as far as this process knows.
  Standing look(List<Limit> limits);

  /// `local`, `redis` or `share`.
  String mode();

  /// Looks after itself; once a second, on a thread that nobody waits for.
  default void tick() {}

  @Override
  void close();
}
