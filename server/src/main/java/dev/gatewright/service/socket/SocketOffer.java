package dev.gatewright.service.socket;

import dev.gatewright.edge.WebSocketHandshake;
import java.util.List;

/// What a caller offers in `Sec-WebSocket-Protocol`: protocols of the application, and perhaps
/// `gatewright.key.<key>` or `openai-insecure-api-key.<key>`, by which browsers bring a key, and
/// `gatewright`, which they may add so that there is something to answer. The gate's never go to
/// the backend. Immutable.
///
/// @param own the application's protocols, in order
/// @param namesGate `gatewright` was offered
record SocketOffer(List<String> own, boolean namesGate) {
  /// Browsers break a connection whose answer names none of what they offered; so where a backend
  /// names none, this is named. It is never the key.
  static final String GATE = "gatewright";

  SocketOffer {
    own = List.copyOf(own);
  }

  static SocketOffer of(List<String> protocols) {
    return new SocketOffer(
        protocols.stream()
            .filter(each -> !each.equals(GATE) && WebSocketHandshake.keyIn(each) == null)
            .toList(),
        protocols.contains(GATE));
  }
}
