package dev.gatewright.key.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.net.Cidr;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Counts failed look-ups by client address, in windows of a minute that begin with the first
/// failure. Bounded in memory: forgetting an address lets it fail thirty times more, no worse.
/// Thread-safe.
public final class FailureLimiter {
  public static final int FAILURES_MAX = 30;
  static final int TRICKLE_A_SECOND = 10;
  private static final long TRICKLE_NANOS = TimeUnit.SECONDS.toNanos(1) / TRICKLE_A_SECOND;
  private static final int ADDRESSES_MAX = 20_000;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Time time;
  private final Cache<Long, Window> windows;

  public FailureLimiter(Time time) {
    this.time = time;
    this.windows =
        Caffeine.newBuilder()
            .maximumSize(ADDRESSES_MAX)
            .expireAfterWrite(Duration.ofMinutes(1))
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
  }

  private static final class Window {
    final long startNanos;
    final AtomicInteger failures = new AtomicInteger();

    /// When the next look-up beyond the limit may be made.
    final AtomicLong nextNanos;

    Window(long startNanos) {
      this.startNanos = startNanos;
      this.nextNanos = new AtomicLong(startNanos - TimeUnit.SECONDS.toNanos(1));
    }
  }

  public void failed(InetAddress client) {
    long now = time.nanos();
    windows.get(network(client), _ -> new Window(now)).failures.incrementAndGet();
  }

  /// Seconds until this address may fail again; 0 = it may now.
  public int retryAfterSeconds(InetAddress client) {
    Window window = windows.getIfPresent(network(client));
    if (window == null || window.failures.get() < FAILURES_MAX) {
      return 0;
    }
    long left = window.startNanos + WINDOW_NANOS - time.nanos();
    return left <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toSeconds(left) + 1;
  }

  /// Seconds until something may be looked up for this address; 0 = now. Beyond the limit a trickle
  /// goes on, of [#TRICKLE_A_SECOND]: whoever shares the address with who guesses, and is not in
  /// memory after a restart, gets in with one of its next tries.
  public int waitSeconds(InetAddress client) {
    Window window = windows.getIfPresent(network(client));
    if (window == null || window.failures.get() < FAILURES_MAX) {
      return 0;
    }
    long now = time.nanos();
    long next = window.nextNanos.get();
    // A second's worth may come at once.
    long from = Math.max(next, now - TimeUnit.SECONDS.toNanos(1));
    boolean taken =
        from + TRICKLE_NANOS <= now && window.nextNanos.compareAndSet(next, from + TRICKLE_NANOS);
    return taken ? 0 : 1;
  }

  /// A v6 caller owns a /64 and could take a new address for every try, so the network counts.
  private static Long network(InetAddress client) {
    Cidr address = Cidr.of(client);
    return address.high() == 0 ? address.low() : address.high();
  }
}
