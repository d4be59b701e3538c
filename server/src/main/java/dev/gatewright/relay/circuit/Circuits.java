package dev.gatewright.relay.circuit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.telemetry.Time;

/// The circuits of this process, one for each provider and model. Callers choose model names
/// freely, so their number is bounded; the least used is forgotten, which closes it. Thread-safe.
public final class Circuits {
  static final int CIRCUITS_MAX = 10_000;

  private record Target(String provider, String model) {}

  private final Time time;
  // Maintenance on the calling thread: it is short, and waking another one costs more.
  private final Cache<Target, Circuit> circuits =
      Caffeine.newBuilder().maximumSize(CIRCUITS_MAX).executor(Runnable::run).build();

  public Circuits(Time time) {
    this.time = time;
  }

  public Circuit of(String provider, String model) {
    return circuits.get(new Target(provider, model), _ -> new Circuit(time));
  }
}
