package dev.gatewright.relay.pool;

import java.io.IOException;

/// Parts an upstream plays in several tests.
public final class RawUpstreamScripts {
  private RawUpstreamScripts() {}

  /// Answers every request with the request's own bytes.
  public static void echo(RawPeer peer) throws IOException {
    while (true) {
      peer.answer(peer.request());
    }
  }

  /// Reads and never answers.
  public static void silent(RawPeer peer) throws IOException {
    peer.awaitClosed();
  }
}
