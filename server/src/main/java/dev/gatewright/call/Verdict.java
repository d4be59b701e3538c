package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.UpstreamFailure;

/// What came of one try.
public sealed interface Verdict {
  /// What follows where nothing else is to be tried: the caller, who has seen nothing, is told.
  default Step refused() {
    return switch (this) {
      case Failed failed -> new Step.Refuse(failed.refusal());
      case Unfit(int _, Refusal refusal) -> new Step.Refuse(refusal);
      case Passed _, GivenUp _ ->
          throw new IllegalStateException("the caller has been told: " + this);
    };
  }

  /// No answer, or none that is whole.
  record Failed(UpstreamFailure failure) implements Verdict {
    /// What the caller hears of it.
    public Refusal refusal() {
      if (failure.timeout()) {
        return Refusal.timeout(failure.phase().code(), failure.message());
      }
      return failure.phase() == UpstreamFailure.Phase.POOL
          ? Refusal.overloaded(failure.message(), 1)
          : Refusal.upstream(failure.message());
    }
  }

  /// An answer that the caller does not get as it came, and was sent nothing of.
  ///
  /// @param status of its head
  /// @param refusal what the caller is told instead
  record Unfit(int status, Refusal refusal) implements Verdict {}

  /// It went to the caller, to the end that the answer itself names.
  record Passed(int status, Ending ending) implements Verdict {}

  /// The caller left, or the gate ended the call.
  record GivenUp() implements Verdict {}
}
