package dev.gatewright.call;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.limit.term.Demand;
import org.jspecify.annotations.Nullable;

/// What becomes of a call: where it goes, where it goes next while the caller has seen nothing, and
/// how the caller hears that it goes nowhere. Confined to the call's event loop.
public interface Plan {
  /// What the call asks of its caller's limits, before it begins.
  default Demand demand() {
    return Demand.ONE;
  }

  /// The call has begun: no limit stands in its way. A plan that waits keeps `call`, for the moment
  /// when it knows.
  Step begin(Call call);

  /// A try came to nothing the caller has seen.
  Step next(Leg leg, Verdict verdict);

  /// Answers with a refusal in the caller's dialect; nothing has been sent yet.
  void refuse(Refusal refusal);

  /// The call is over, whatever ended it, perhaps before it has begun; once. Gives back what the
  /// plan has taken for it.
  default void over() {}

  /// The same, for a plan that asks what its last try came to.
  ///
  /// @param last as its row says; null = there is none
  default void ended(@Nullable Outcome last) {
    over();
  }
}
