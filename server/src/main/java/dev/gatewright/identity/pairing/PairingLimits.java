package dev.gatewright.identity.pairing;

import dev.gatewright.identity.code.AuthWindow;
import dev.gatewright.identity.session.Macs;
import java.net.InetAddress;
import org.jdbi.v3.core.Handle;

/// How many command lines may wait, and how often somebody may guess what they wait for, in windows
/// as long as a pairing lives: so twice these numbers are as many rows as there ever are. Every
/// method is a part of the caller's transaction. Thread-safe.
final class PairingLimits {
  private static final int OF_NETWORK_MAX = 20;
  private static final int ALL_MAX = 1_000;
  private static final int FAILURES_MAX = 10;
  private static final String FAILURES = "pairing-fail";

  private final AuthWindow window;

  PairingLimits(Macs macs) {
    this.window = new AuthWindow(macs, Pairing.LIFE);
  }

  /// Whether another command line may ask from there.
  boolean begin(Handle handle, InetAddress client, long now) {
    return window.take(handle, "pairing-network", AuthWindow.network(client), OF_NETWORK_MAX, now)
        && window.take(handle, "pairing-all", "", ALL_MAX, now);
  }

  /// Whether a person may try another code. It counts as a failure until it is taken back.
  boolean tryAs(Handle handle, String personId, long now) {
    return window.take(handle, FAILURES, personId, FAILURES_MAX, now);
  }

  void succeededAs(Handle handle, String personId, long now) {
    window.giveBack(handle, FAILURES, personId, now);
  }
}
