package dev.gatewright.admission;

import dev.gatewright.edge.Refusal;

/// What authentication came to: exactly one of the two, never a default identity.
public sealed interface Admitted {
  record Yes(Caller caller) implements Admitted {}

  /// @param refusal for the caller, uniform for every reason a key is not accepted
  /// @param reason for the access log only: `unknown`, `revoked`, `expired`, `checksum`,
  ///   `carriers_disagree` …
  record No(Refusal refusal, String reason) implements Admitted {
    /// No carrier of a key was there at all, good or bad.
    public boolean nothingPresented() {
      return reason.equals(Carriers.MISSING);
    }
  }
}
