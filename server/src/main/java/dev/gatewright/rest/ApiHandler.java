package dev.gatewright.rest;

/// Answers one call on a REST resource. Runs on a virtual thread and may block.
@FunctionalInterface
public interface ApiHandler {
  /// @throws Problem when the answer is no
  Answer handle(ApiCall call);
}
