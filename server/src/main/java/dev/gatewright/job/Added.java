package dev.gatewright.job;

/// What became of an [Outbox#add].
public sealed interface Added {
  /// Durable with the transaction.
  record Queued(String id) implements Added {}

  /// Not written; whether the change goes on without it is the caller's decision.
  ///
  /// @param reason a sentence for the caller, with the limit
  record Refused(String reason) implements Added {}
}
