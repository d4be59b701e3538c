package dev.gatewright.identity.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sessions that were used lately, by the mac of the token that came. What changes is dropped and
/// read anew; a row that was read before a change is never kept after it. Bounded; thread-safe.
final class SessionMemory {
  private static final int SESSIONS_MAX = 10_000;

  /// Read anew after this time, should a change ever be lost.
  private static final Duration AGE_MAX = Duration.ofMinutes(1);

  private final Database database;
  private final Cache<String, Session> known;
  private final AtomicLong changes = new AtomicLong();

  /// @param database by its lane for look-ups
  SessionMemory(Database database, Time time) {
    this.database = database;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(SESSIONS_MAX)
            .expireAfterWrite(AGE_MAX)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
  }

  /// What memory holds; null = nothing.
  @Nullable Session held(String mac) {
    return known.getIfPresent(mac);
  }

  /// What the store holds. Blocks.
  @Nullable Session read(String mac) {
    long before = changes.get();
    Optional<Session> found = database.read(handle -> SessionStore.byMac(handle, mac));
    found.ifPresent(session -> known.put(mac, session));
    if (changes.get() != before) {
      known.invalidate(mac);
    }
    return found.orElse(null);
  }

  /// The same session as seen just now.
  void seen(String mac, Session seen) {
    known.asMap().replace(mac, seen);
  }

  void forget(Predicate<Session> which) {
    changes.incrementAndGet();
    known.asMap().values().removeIf(which);
  }

  void forgetAll() {
    changes.incrementAndGet();
    known.invalidateAll();
  }
}
