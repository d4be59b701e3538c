package dev.gatewright.call.once;

import dev.gatewright.edge.Refusal;
import org.jspecify.annotations.Nullable;

/// Whether a call that names itself may run.
public sealed interface Claim {
  /// It is the first of its name; its turn is given back by whoever ends it.
  record First(Turn turn) implements Claim {}

  /// @param receipt JSON of what the first came to; null where there is none
  record Refused(Refusal refusal, @Nullable String receipt) implements Claim {}
}
