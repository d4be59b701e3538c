package dev.gatewright.identity.pairing;

import dev.gatewright.identity.code.AuthCountStore;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import org.jdbi.v3.core.Handle;

/// How many command lines may wait, and how often somebody may guess what they wait for, in windows
/// as long as a pairing lives: so twice these numbers are as many rows as there ever are. Every
/// method is a part of the caller's transaction. Thread-safe.
final class PairingLimits {
  private static final long WINDOW_MILLIS = Pairing.LIFE.toMillis();
  private static final int OF_NETWORK_MAX = 20;
  private static final int ALL_MAX = 1_000;
  private static final int FAILURES_MAX = 10;

  private final Macs macs;

  PairingLimits(Macs macs) {
    this.macs = macs;
  }

  /// Whether another command line may ask from there.
  boolean begin(Handle handle, InetAddress client, long now) {
    AuthCountStore.clear(handle, now);
    return count(handle, "pairing-network", network(client), now) <= OF_NETWORK_MAX
        && count(handle, "pairing-all", "", now) <= ALL_MAX;
  }

  /// Whether a person may try another code. It counts as a failure until it is taken back.
  boolean tryAs(Handle handle, String personId, long now) {
    return count(handle, "pairing-fail", personId, now) <= FAILURES_MAX;
  }

  void succeededAs(Handle handle, String personId, long now) {
    AuthCountStore.giveBack(handle, name("pairing-fail", personId), windowOf(now));
  }

  private long count(Handle handle, String what, String whose, long now) {
    long window = windowOf(now);
    return AuthCountStore.count(handle, name(what, whose), window, window + WINDOW_MILLIS);
  }

  private String name(String what, String whose) {
    return what + ":" + macs.text("auth-count", what, whose);
  }

  private static long windowOf(long now) {
    return now - Math.floorMod(now, WINDOW_MILLIS);
  }

  /// A v6 caller owns a /64 and could take a new address for every try.
  private static String network(InetAddress client) {
    Cidr address = Cidr.of(client);
    return address.high() == 0 ? "4:" + address.low() : "6:" + address.high();
  }
}
