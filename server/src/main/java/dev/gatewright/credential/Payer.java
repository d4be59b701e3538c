package dev.gatewright.credential;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.secret.Secret;

/// Whose credential a call goes out with, or why with nobody's.
public sealed interface Payer {
  /// Somebody's.
  sealed interface Found extends Payer {
    Rung rung();
  }

  /// One the caller brought along: for this call, and for nothing else.
  record Brought(Secret secret) implements Found {
    @Override
    public Rung rung() {
      return Rung.HEADER;
    }
  }

  /// A stored one, still sealed.
  record Stored(Credential credential) implements Found {
    @Override
    public Rung rung() {
      return credential.projectId() == null ? Rung.ORGANIZATION : Rung.PROJECT;
    }
  }

  /// What is configured beside the target itself, by whoever owns the target.
  ///
  /// @param rung the platform's, for what stands in its file; the organization's for its own
  record Configured(Rung rung) implements Found {}

  record Refused(Refusal refusal) implements Payer {}
}
