package dev.gatewright.key.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.account.Actor;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.KnownKey;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notes when keys are used, off the hot path: the time of last use is written in batches, at most
/// half a minute late, and soon after a key's first use in this memory: somebody waits to see that
/// a new key works. The use of a revoked key is written to the audit chain, at most once a minute
/// and key. Thread-safe.
public final class KeyUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);
  private static final long FLUSH_SECONDS = 30;
  private static final long SOON_MILLIS = 500;
  private static final int BATCH_MAX = 500;

  private final Database database;
  private final AuditLog audit;
  private final Queue<KnownKey> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean soon = new AtomicBoolean();
  private final Cache<String, Boolean> alerted;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("key-use").daemon().factory());

  public KeyUse(Database database, AuditLog audit, Time time) {
    this.database = database;
    this.audit = audit;
    this.alerted =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    thread.scheduleWithFixedDelay(this::flush, FLUSH_SECONDS, FLUSH_SECONDS, TimeUnit.SECONDS);
  }

  /// Two loops may both find it not queued; then it is written twice, which does no harm.
  void used(KnownKey key, long nowMillis) {
    boolean first = key.usedMillis == 0;
    key.usedMillis = nowMillis;
    // A key of the watched file has no row.
    if (!key.queued && key.key().origin() != ApiKey.Origin.FILE) {
      key.queued = true;
      queue.add(key);
      if (first && soon.compareAndSet(false, true)) {
        flushSoon();
      }
    }
  }

  private void flushSoon() {
    try {
      thread.schedule(
          () -> {
            soon.set(false);
            flush();
          },
          SOON_MILLIS,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // Closing writes what is left.
    }
  }

  /// Somebody holds the right secret of a key that was revoked: stolen, or forgotten in a program.
  void tombstoneUsed(ApiKey key, InetAddress client) {
    if (alerted.asMap().putIfAbsent(key.id(), Boolean.TRUE) != null) {
      return;
    }
    LOG.warn("revoked key used: {}", key.id());
    Actor who = new Actor(Actor.Kind.SYSTEM, "system", client.getHostAddress(), "");
    database
        .writeLater(handle -> {
          audit.denied(
              handle, key.tenant(), who, "key.revoked_key_used", key.id(), AuditLog.detail());
          return key.id();
        })
        .exceptionally(failure -> {
          LOG.error("the use of revoked key {} could not be audited", key.id(), failure);
          return key.id();
        });
  }

  /// Writes down what has been used since the last time. A batch the store refuses is lost: the
  /// time of last use is a hint, and the next use writes it again.
  void flush() {
    while (!queue.isEmpty()) {
      Map<ApiKey, Long> batch = new HashMap<>();
      for (KnownKey key = queue.poll(); key != null; key = queue.poll()) {
        key.queued = false;
        batch.put(key.key(), key.usedMillis);
        if (batch.size() == BATCH_MAX) {
          break;
        }
      }
      try {
        database.write(handle -> {
          KeyStore.used(handle, batch);
          return batch.size();
        });
      } catch (RuntimeException refused) {
        LOG.warn("times of last use could not be written: {}", refused.getMessage());
        return;
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    flush();
  }
}
