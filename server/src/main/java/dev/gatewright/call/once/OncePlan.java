package dev.gatewright.call.once;

import dev.gatewright.call.Call;
import dev.gatewright.call.Leg;
import dev.gatewright.call.Plan;
import dev.gatewright.call.Step;
import dev.gatewright.call.Verdict;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.limit.term.Demand;
import org.jspecify.annotations.Nullable;

/// A plan whose call has a name of its own, which it gives back at its end, whatever ended it.
public record OncePlan(Plan plan, Turn turn) implements Plan {
  @Override
  public Demand demand() {
    return plan.demand();
  }

  @Override
  public Step begin(Call call) {
    return plan.begin(call);
  }

  @Override
  public Step next(Leg leg, Verdict verdict) {
    return plan.next(leg, verdict);
  }

  @Override
  public void refuse(Refusal refusal) {
    plan.refuse(refusal);
  }

  @Override
  public void ended(@Nullable Outcome last) {
    try {
      turn.ended(last);
    } finally {
      plan.ended(last);
    }
  }
}
