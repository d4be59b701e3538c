package dev.gatewright.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatewright.telemetry.Time;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of one issuer. Fetched when a token first needs them, again when they are five minutes
/// old, and at once for a key id they have not, at most every 30 seconds: a flood of invented ids
/// makes few fetches. While the issuer is away what it last said holds, for four hours: a key it
/// has withdrawn lives for five minutes, then, and as long as it is away. Thread-safe.
final class Jwks {
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration OUTAGE = Duration.ofHours(4);

  /// Between two fetches that somebody's tokens could cause.
  static final Duration APART = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Jwks.class);
  private static final int KEYS_MAX = 100;

  private final String issuer;
  private final Supplier<@Nullable String> fetch;
  private final Executor threads;
  private final Time time;

  /// Guarded by this, as all that follows.
  private Map<String, JWK> keys = Map.of();

  private boolean fetched;
  private long goodNanos;
  private boolean tried;
  private long triedNanos;
  private @Nullable CompletableFuture<Void> fetching;

  /// What a look-up came to.
  sealed interface Found {
    record Key(JWK key) implements Found {}

    record Unknown() implements Found {}

    /// The issuer cannot be asked, and what it said is too old.
    record Away() implements Found {}
  }

  /// @param fetch blocks; the set's text, null when it cannot be had
  /// @param threads where it may block
  Jwks(String issuer, Supplier<@Nullable String> fetch, Executor threads, Time time) {
    this.issuer = issuer;
    this.fetch = fetch;
    this.threads = threads;
    this.time = time;
  }

  /// `then` runs once: before this returns, or after a fetch.
  void find(String keyId, Consumer<Found> then) {
    CompletableFuture<Void> wait;
    synchronized (this) {
      wait = wanted(keyId) ? fetching() : null;
    }
    if (wait == null) {
      then.accept(held(keyId));
    } else {
      wait.whenComplete((_, _) -> then.accept(held(keyId)));
    }
  }

  private boolean wanted(String keyId) {
    boolean old = !fetched || passed(goodNanos, FRESH);
    boolean unknown = !keys.containsKey(keyId);
    return (old || unknown) && (fetching != null || !tried || passed(triedNanos, APART));
  }

  private boolean passed(long sinceNanos, Duration duration) {
    return time.nanos() - sinceNanos >= duration.toNanos();
  }

  private CompletableFuture<Void> fetching() {
    if (fetching != null) {
      return fetching;
    }
    tried = true;
    triedNanos = time.nanos();
    CompletableFuture<Void> running = new CompletableFuture<>();
    fetching = running;
    threads.execute(() -> {
      Map<String, JWK> read = null;
      try {
        read = read(fetch.get());
      } finally {
        took(read);
        running.complete(null);
      }
    });
    return running;
  }

  private synchronized void took(@Nullable Map<String, JWK> read) {
    fetching = null;
    if (read != null) {
      keys = read;
      fetched = true;
      goodNanos = time.nanos();
    }
  }

  private synchronized Found held(String keyId) {
    if (!fetched || passed(goodNanos, OUTAGE)) {
      return new Found.Away();
    }
    JWK key = keys.get(keyId);
    return key == null ? new Found.Unknown() : new Found.Key(key);
  }

  /// Keys whose id two of them have are nobody's.
  private @Nullable Map<String, JWK> read(@Nullable String text) {
    if (text == null) {
      LOG.warn("auth.jwt: the keys of {} cannot be fetched; what it last said holds", issuer);
      return null;
    }
    try {
      Map<String, JWK> byId = new HashMap<>();
      Set<String> twice = new HashSet<>();
      int count = 0;
      for (JWK key : JWKSet.parse(text).getKeys()) {
        if (++count > KEYS_MAX) {
          break;
        }
        String id = key.getKeyID();
        if (id != null && !key.isPrivate() && byId.putIfAbsent(id, key) != null) {
          twice.add(id);
        }
      }
      byId.keySet().removeAll(twice);
      return Map.copyOf(byId);
    } catch (ParseException | RuntimeException unreadable) {
      LOG.warn("auth.jwt: what {} says its keys are cannot be read", issuer);
      return null;
    }
  }
}
