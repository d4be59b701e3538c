package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import org.jspecify.annotations.Nullable;

/// One entry of an instance's attempt log. Each says all there is to say, so that no entry needs an
/// older one.
public sealed interface LogEntry {
  String id();

  /// @param counted output delivered when this was written: tokens, or bytes
  /// @param bytes what was counted is bytes
  /// @param atMillis when this was written, wall clock
  record Opened(String id, Opening opening, long counted, boolean bytes, long atMillis)
      implements LogEntry {}

  /// @param cost where the opening has a charge; null too where a build that knew of none wrote it
  record Closed(String id, Opening opening, Outcome outcome, @Nullable Cost cost)
      implements LogEntry {}

  /// An opening that became durable although its caller had been told it had not: it never was.
  record Voided(String id) implements LogEntry {}
}
