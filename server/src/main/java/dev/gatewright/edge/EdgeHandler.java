package dev.gatewright.edge;

/// What answers an exchange once the route table has chosen it. Called on the exchange's event
/// loop; must not block.
@FunctionalInterface
public interface EdgeHandler {
  void handle(Exchange exchange);
}
