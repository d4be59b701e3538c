package dev.gatewright.edge;

import io.netty.handler.codec.http.HttpHeaders;

/// What answers an exchange once the route table has chosen it. Called on the exchange's event
/// loop; must not block.
@FunctionalInterface
public interface EdgeHandler {
  void handle(Exchange exchange);

  /// Whether each of its requests is a span, those the edge refuses included: what callers ask for,
  /// and not what watches or shows this process.
  default boolean traced() {
    return false;
  }

  /// Gives the edge's own refusal (the process is stopping, the head is malformed, a handler has
  /// failed) the form that callers of this route can read.
  default void reject(Exchange exchange, Refusal refusal) {
    reject(exchange, refusal, EdgeReply.headers(refusal));
  }

  /// The same with headers beside those that every refusal has.
  default void reject(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    EdgeReply.refuse(exchange, refusal, headers);
  }
}
