package dev.gatewright.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What calls look up of their tenants: in memory when it was asked for lately, else read from the
/// store, once however many calls wait. Bounded in memory, in readings and in calls that wait. What
/// changes while it is being read is read again, never kept. Thread-safe; blocks no event loop.
///
/// @param <K> whose it is: a tenant, an organization
/// @param <V> what is known; immutable
public final class TenantFacts<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantFacts.class);

  /// A change that was lost on the way is not lost for longer.
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  private static final int READS_MAX = 64;
  private static final int WAITERS_MAX = 4_096;

  /// What changes all the while is read so often.
  private static final int TRIES_MAX = 4;

  private static final long BLOCKING_SECONDS_MAX = 30;

  private final String what;
  private final Function<K, V> read;
  private final Cache<K, V> known;

  /// Guarded by itself, for a few map operations.
  private final Map<K, Reading<V>> readings = new HashMap<>();

  private int waiters;

  /// What a look came to.
  ///
  /// @param <V> what was asked for
  public sealed interface Found<V> {
    record Value<V>(V value) implements Found<V> {}

    /// @param reason for the log
    record Unavailable<V>(String reason) implements Found<V> {}
  }

  private static final class Reading<V> {
    final List<Consumer<Found<V>>> waiting = new ArrayList<>();
    boolean stale;
  }

  /// @param what in the plural, for the log
  /// @param read blocks; by the lane for look-ups
  /// @param bytes heap a value takes, by estimate
  /// @param dropped hears of each value that is kept no more
  public TenantFacts(
      String what,
      Function<K, V> read,
      ToIntFunction<V> bytes,
      long bytesMax,
      Consumer<V> dropped,
      Time time) {
    this.what = what;
    this.read = read;
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((K _, V value) -> bytes.applyAsInt(value))
            .expireAfterWrite(AGE_MAX)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .removalListener((@Nullable K _, @Nullable V value, RemovalCause _) -> {
              if (value != null) {
                dropped.accept(value);
              }
            })
            .build();
  }

  /// For event loops: `then` runs once, on `loop`; before this returns when memory can answer and
  /// this is the loop.
  public void find(K key, EventExecutor loop, Consumer<Found<V>> then) {
    V value = known.getIfPresent(key);
    if (value != null && loop.inEventLoop()) {
      then.accept(new Found.Value<>(value));
    } else {
      find(key, found -> loop.execute(() -> then.accept(found)));
    }
  }

  /// For virtual threads. Blocks.
  public Found<V> get(K key) {
    CompletableFuture<Found<V>> found = new CompletableFuture<>();
    find(key, found::complete);
    return found
        .completeOnTimeout(new Found.Unavailable<>("slow"), BLOCKING_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  private void find(K key, Consumer<Found<V>> then) {
    V value = known.getIfPresent(key);
    if (value != null) {
      then.accept(new Found.Value<>(value));
      return;
    }
    boolean first = false;
    boolean room;
    synchronized (readings) {
      Reading<V> reading = readings.get(key);
      room = waiters < WAITERS_MAX && (reading != null || readings.size() < READS_MAX);
      if (room) {
        first = reading == null;
        Reading<V> joined = reading == null ? new Reading<>() : reading;
        readings.put(key, joined);
        joined.waiting.add(then);
        waiters++;
      }
    }
    if (!room) {
      then.accept(new Found.Unavailable<>("busy"));
    } else if (first) {
      Thread.ofVirtual().name(what).start(() -> read(key));
    }
  }

  private void read(K key) {
    for (int tries = 1; ; tries++) {
      V value = null;
      try {
        value = read.apply(key);
      } catch (RuntimeException failure) {
        LOG.warn("{} could not be looked up: {}", what, String.valueOf(failure.getMessage()));
      }
      List<Consumer<Found<V>>> waiting = done(key, value, tries == TRIES_MAX);
      if (waiting != null) {
        Found<V> found =
            value == null ? new Found.Unavailable<>("store") : new Found.Value<>(value);
        waiting.forEach(then -> tell(then, found));
        return;
      }
    }
  }

  /// @return who waits; null when it was changed meanwhile and is to be read again
  private @Nullable List<Consumer<Found<V>>> done(K key, @Nullable V value, boolean last) {
    synchronized (readings) {
      Reading<V> reading = readings.get(key);
      if (reading == null) {
        return List.of();
      }
      if (reading.stale && !last && value != null) {
        reading.stale = false;
        return null;
      }
      readings.remove(key);
      waiters -= reading.waiting.size();
      if (value != null && !reading.stale) {
        known.put(key, value);
      }
      return reading.waiting;
    }
  }

  private void tell(Consumer<Found<V>> then, Found<V> found) {
    try {
      then.accept(found);
    } catch (RuntimeException bug) {
      LOG.error("a call that waited for {} failed", what, bug);
    }
  }

  /// Drops what is known of these, and what is being read of them now.
  public void forget(Predicate<K> whose) {
    synchronized (readings) {
      readings.forEach((key, reading) -> reading.stale |= whose.test(key));
      known.asMap().keySet().removeIf(whose);
    }
  }
}
