package dev.gatewright.identity.code;

import dev.gatewright.identity.session.Macs;
import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/// Counts what people may do so often and no more, in windows that begin at multiples of their
/// length. Every method is a part of the caller's transaction. Thread-safe.
public final class AuthWindow {
  private final Macs macs;
  private final long windowMillis;

  public AuthWindow(Macs macs, Duration window) {
    this.macs = macs;
    this.windowMillis = window.toMillis();
  }

  /// Counts one more.
  ///
  /// @param what is done; a word of its own
  /// @param whose a count is; not stored
  /// @return false when there are more than `max` by now
  public boolean take(Handle handle, String what, String whose, long max, long now) {
    AuthCountStore.clear(handle, now);
    long window = windowOf(now);
    return AuthCountStore.count(handle, name(what, whose), window, window + windowMillis) <= max;
  }

  public void giveBack(Handle handle, String what, String whose, long now) {
    AuthCountStore.giveBack(handle, name(what, whose), windowOf(now));
  }

  /// How long until the next window begins; at least a second.
  public int waitSeconds(long now) {
    return (int) Math.ceilDiv(windowOf(now) + windowMillis - now, 1000L);
  }

  private String name(String what, String whose) {
    return what + ":" + macs.text("auth-count", what, whose);
  }

  private long windowOf(long now) {
    return now - Math.floorMod(now, windowMillis);
  }

  /// A v6 caller owns a /64 and could take a new address for every try.
  public static String network(InetAddress client) {
    Cidr address = Cidr.of(client);
    return address.high() == 0 ? "4:" + address.low() : "6:" + address.high();
  }
}
