package dev.gatewright.llm.route;

import dev.gatewright.credential.Payer;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.relay.circuit.Circuit;

/// Where a live call goes, or why it goes nowhere.
public sealed interface Choice {
  /// @param circuit acquired; whoever makes the call reports how it went
  /// @param payer whose credential it goes out with
  record Chosen(Target target, Circuit circuit, Payer.Found payer) implements Choice {}

  record Refused(Refusal refusal) implements Choice {}
}
