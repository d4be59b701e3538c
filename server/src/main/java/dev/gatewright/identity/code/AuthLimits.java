package dev.gatewright.identity.code;

import dev.gatewright.identity.session.Macs;
import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// How often codes may be asked for and tried, in windows that begin at multiples of their length.
/// Of what an address may ask for, a part is kept for browsers that were signed in as it before:
/// else a stranger locks its owner out by asking. Every method is a part of the caller's
/// transaction. Thread-safe.
final class AuthLimits {
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /// @param max for everybody
  /// @param kept beyond that, for browsers that are known
  private record Limit(String what, Duration window, long max, long kept) {}

  private static final List<Limit> SENDS_TO_EMAIL =
      List.of(
          new Limit("send-email-15m", QUARTER, 3, 2),
          new Limit("send-email-1h", HOUR, 3, 2),
          new Limit("send-email-1d", DAY, 12, 8));

  private static final Limit SENDS_OF_NETWORK = new Limit("send-network-1h", HOUR, 20, 0);
  private static final Limit SENDS = new Limit("send-all-1h", HOUR, 300, 100);
  private static final Limit FAILURES_OF_NETWORK = new Limit("fail-network-1h", HOUR, 60, 0);
  private static final Limit FAILURES_OF_EMAIL = new Limit("fail-email-1d", DAY, 20, 0);

  private final Macs macs;

  AuthLimits(Macs macs) {
    this.macs = macs;
  }

  /// Whether a code may be asked for at all.
  boolean ask(Handle handle, InetAddress client, boolean known, long now) {
    AuthCountStore.clear(handle, now);
    return take(handle, SENDS_OF_NETWORK, network(client), false, now)
        && take(handle, SENDS, "", known, now);
  }

  /// Whether a mail may go to this address.
  boolean send(Handle handle, String emailKey, boolean known, long now) {
    for (Limit limit : SENDS_TO_EMAIL) {
      if (!take(handle, limit, emailKey, known, now)) {
        return false;
      }
    }
    return true;
  }

  /// Whether somebody from there may try another code. It counts as a failure until it is taken
  /// back.
  boolean tryFrom(Handle handle, InetAddress client, long now) {
    return take(handle, FAILURES_OF_NETWORK, network(client), false, now);
  }

  void succeededFrom(Handle handle, InetAddress client, long now) {
    giveBack(handle, FAILURES_OF_NETWORK, network(client), now);
  }

  /// What one more failure of unknown browsers comes to.
  enum Tries {
    LEFT,
    /// This was the last one.
    LAST,
    NONE
  }

  /// The same for an address, where the browser is not known.
  Tries tryAs(Handle handle, String emailKey, long now) {
    long n = count(handle, FAILURES_OF_EMAIL, emailKey, now);
    return n < FAILURES_OF_EMAIL.max
        ? Tries.LEFT
        : n == FAILURES_OF_EMAIL.max ? Tries.LAST : Tries.NONE;
  }

  void succeededAs(Handle handle, String emailKey, long now) {
    giveBack(handle, FAILURES_OF_EMAIL, emailKey, now);
  }

  private boolean take(Handle handle, Limit limit, String whose, boolean known, long now) {
    if (count(handle, limit, whose, now) <= limit.max) {
      return true;
    }
    Limit kept = new Limit(limit.what + "-known", limit.window, limit.kept, 0);
    return known && count(handle, kept, whose, now) <= kept.max;
  }

  private long count(Handle handle, Limit limit, String whose, long now) {
    long begin = begin(limit, now);
    return AuthCountStore.count(handle, name(limit, whose), begin, begin + limit.window.toMillis());
  }

  private void giveBack(Handle handle, Limit limit, String whose, long now) {
    AuthCountStore.giveBack(handle, name(limit, whose), begin(limit, now));
  }

  private String name(Limit limit, String whose) {
    return limit.what + ":" + macs.text("auth-count", limit.what, whose);
  }

  private static long begin(Limit limit, long now) {
    return now - Math.floorMod(now, limit.window.toMillis());
  }

  /// A v6 caller owns a /64 and could take a new address for every try.
  private static String network(InetAddress client) {
    Cidr address = Cidr.of(client);
    return address.high() == 0 ? "4:" + address.low() : "6:" + address.high();
  }
}
