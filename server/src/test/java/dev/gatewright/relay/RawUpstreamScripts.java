package dev.gatewright.relay;

import java.io.IOException;

/// Parts an upstream plays in several tests.
final class RawUpstreamScripts {
  private RawUpstreamScripts() {}

  /// Answers every request with the request's own bytes.
  static void echo(RawPeer peer) throws IOException {
    while (true) {
      peer.answer(peer.request());
    }
  }

  /// Reads and never answers.
  static void silent(RawPeer peer) throws IOException {
    peer.awaitClosed();
  }
}
