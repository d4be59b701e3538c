package dev.gatewright.admission;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import org.jspecify.annotations.Nullable;

/// What can say beforehand what would become of a call, by the very code that decides on calls.
/// Takes nothing, asks nobody outside. Blocks while the store is read; thread-safe.
public interface Judge {
  /// A call that is not made.
  ///
  /// @param path raw, without query
  /// @param model what its body would ask for; null = nothing
  /// @param provider what `X-Provider` would say; null = nothing
  /// @param brings whether `X-Provider-Auth` would bring a credential of the caller's own
  record Question(
      String method,
      String path,
      @Nullable String model,
      @Nullable String provider,
      boolean brings) {}

  /// What would become of it.
  sealed interface Judgement {
    /// @param target where it would go: `provider/model`, a service, a room provider; null =
    ///   nowhere beyond the gate
    /// @param rung whose credential it would go out with
    record Passes(@Nullable String target, Rung rung) implements Judgement {}

    record Refused(Refusal refusal) implements Judgement {}
  }

  /// Null for a call that is another's to judge.
  @Nullable Judgement judge(Caller caller, Question question);
}
