package dev.gatewright.call;

import dev.gatewright.edge.Refusal;

/// What comes next in a call's life, as its [Plan] says.
public sealed interface Step {
  /// Tries this.
  record Go(Leg leg) implements Step {}

  /// Nothing yet: the plan says so itself later, by [Call#take].
  record Wait() implements Step {}

  /// It ends here, the caller being told why.
  record Refuse(Refusal refusal) implements Step {}
}
