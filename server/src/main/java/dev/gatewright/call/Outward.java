package dev.gatewright.call;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.LiveCalls;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.telemetry.Time;

/// What all outward calls of a process share. Thread-safe.
public record Outward(LiveCalls liveCalls, LimitGate limits, Attempts attempts, Time time) {
  /// Of calls that nothing limits.
  public Outward(LiveCalls liveCalls, Attempts attempts, Time time) {
    this(liveCalls, LimitGate.NONE, attempts, time);
  }

  /// Of calls that were let in there.
  public static Outward of(Admission admission, Attempts attempts, Time time) {
    return new Outward(admission.liveCalls(), admission.limits(), attempts, time);
  }
}
