package dev.gatewright.limit.count;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Window;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How limits stood when Redis last said so, for `/status` and for a Redis that has lost them.
/// Bounded; thread-safe.
final class RedisMemory {
  private static final int LIMITS_MAX = 100_000;
  private static final long MICRO = 1_000;

  /// @param nanos when it was said
  private record Said(Limit limit, long left, long fullMicros, long nanos) {}

  private final Cache<String, Said> said;
  private final LongSupplier nanos;

  RedisMemory(LongSupplier nanos) {
    this.nanos = nanos;
    this.said =
        Caffeine.newBuilder()
            .maximumSize(LIMITS_MAX)
            .expireAfterWrite(25, TimeUnit.HOURS)
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  void said(Limit limit, long left, long fullMicros) {
    said.put(limit.id(), new Said(limit, left, fullMicros, nanos.getAsLong()));
  }

  /// A bucket that is not full as far as is known.
  ///
  /// @param fullMicros until it is
  record Open(Limit limit, long fullMicros) {}

  List<Open> open() {
    long now = nanos.getAsLong();
    return said.asMap().values().stream()
        .map(each -> new Open(each.limit, each.fullMicros - (now - each.nanos) / MICRO))
        .filter(open -> open.fullMicros > 0)
        .toList();
  }

  Standing look(List<Limit> limits) {
    Standing standing = new Standing();
    long now = nanos.getAsLong();
    for (Limit limit : limits) {
      Said last = said.getIfPresent(limit.id());
      Window per = limit.per();
      if (last == null) {
        standing.add(limit, limit.max(), 0);
      } else if (per == null) {
        standing.add(limit, last.left, 0);
      } else {
        long full = Math.max(0, last.fullMicros * MICRO - (now - last.nanos));
        long left = (long) (limit.max() * (1 - (double) full / per.nanos()));
        standing.add(limit, full == 0 ? limit.max() : left, full);
      }
    }
    return standing;
  }
}
