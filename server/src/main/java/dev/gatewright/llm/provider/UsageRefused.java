package dev.gatewright.llm.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.telemetry.Time;
import java.time.Duration;

/// Providers and models that take exception to `stream_options`, which callers did not write: they
/// are not asked for a stream's usage again for a day. Callers choose model names freely, so their
/// number is bounded. Thread-safe.
public final class UsageRefused {
  private static final int TARGETS_MAX = 10_000;
  private static final Duration KEPT = Duration.ofDays(1);

  private final Cache<String, Boolean> targets;

  public UsageRefused(Time time) {
    this.targets =
        Caffeine.newBuilder()
            .maximumSize(TARGETS_MAX)
            .expireAfterWrite(KEPT)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
  }

  boolean contains(Target target) {
    return targets.getIfPresent(key(target)) != null;
  }

  public void add(Target target) {
    targets.put(key(target), true);
  }

  private static String key(Target target) {
    return target.provider().owner() == null
        ? target.name()
        : target.provider().key() + "/" + target.model();
  }
}
