package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.relay.UpstreamFailure;
import org.jspecify.annotations.Nullable;

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

  /// Why it went wrong, one of few words; null = it did not, or by the caller's own doing.
  ///
  /// @param end what its row says
  default @Nullable String error(End end) {
    return switch (this) {
      case Failed(UpstreamFailure failure) ->
          (failure.timeout() ? "timeout_" : "") + failure.phase().code();
      case Unfit(int status, Refusal refusal) ->
          Integer.toString(status < 400 ? refusal.status() : status);
      case Passed(int status, Ending _) when status >= 400 -> Integer.toString(status);
      case Passed(int _, Ending.Failed(String _, int status)) -> Integer.toString(status);
      case Passed(int _, Ending.Unfinished()) -> "unfinished";
      case Passed(int _, Ending.Complete()) -> null;
      case GivenUp() -> end == End.INTERRUPTED ? "interrupted" : null;
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
