package dev.gatewright.room.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.telemetry.Time;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;

/// Calls without a gateway key: a bucket of 60 for each address, refilled one a second. An IPv6
/// network of 64 bits counts as one address, as it is what one subscriber gets. Thread-safe.
public final class AnonymousLimit {
  public static final int CALLS_PER_MINUTE = 60;

  private static final int ADDRESSES_MAX = 100_000;
  private static final long NANOS_PER_CALL = 60_000_000_000L / CALLS_PER_MINUTE;

  private final Time time;

  /// For each address the moment at which its bucket is full again, on the steady clock.
  private final Cache<String, Long> fullAt =
      Caffeine.newBuilder()
          .maximumSize(ADDRESSES_MAX)
          .expireAfterAccess(Duration.ofMinutes(2))
          .executor(Runnable::run)
          .build();

  public AnonymousLimit(Time time) {
    this.time = time;
  }

  /// Takes one call.
  ///
  /// @return 0 when it may go on, else the seconds to wait
  public int take(InetAddress address) {
    long now = time.nanos();
    long[] wait = new long[1];
    fullAt
        .asMap()
        .compute(
            network(address),
            (_, full) -> {
              long from = full == null || full - now < 0 ? now : full;
              long until = from + NANOS_PER_CALL;
              long over = until - now - CALLS_PER_MINUTE * NANOS_PER_CALL;
              if (over > 0) {
                wait[0] = over;
                return from;
              }
              return until;
            });
    return (int) ((wait[0] + 999_999_999) / 1_000_000_000);
  }

  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(bytes, 0, 8)
        : HexFormat.of().formatHex(bytes);
  }
}
