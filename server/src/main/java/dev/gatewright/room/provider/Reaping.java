package dev.gatewright.room.provider;

import dev.gatewright.room.settings.Outcome;
import org.jspecify.annotations.Nullable;

/// How the gate can end a room at its time with a provider that does not do so itself.
public enum Reaping {
  /// The credential is the operator's own, from the configuration: a restart forgets nothing.
  DURABLE("applied", null),
  /// The credential came with the request and is held in memory until then.
  IN_MEMORY(
      "approximated",
      "The gate ends the room, with the request's credential held in memory: a restart of the"
          + " gate forgets it."),
  /// No gateway key came with the credential, so it is not held.
  ANONYMOUS(
      "unsupported",
      "The provider has no expiry, and without a gateway key the gate does not hold the"
          + " credential that would end the room."),
  /// Beyond seven days.
  TOO_LONG(
      "unsupported",
      "The provider has no expiry, and the gate holds a request's credential for at most 7"
          + " days (604800 seconds)."),
  /// Too many are held already.
  FULL(
      "unsupported",
      "The provider has no expiry, and the gate already holds as many credentials as it may"
          + " (10000).");

  private final String outcome;
  private final @Nullable String reason;

  Reaping(String outcome, @Nullable String reason) {
    this.outcome = outcome;
    this.reason = reason;
  }

  /// What `expires_in` comes to at a provider that leaves it to the gate.
  public Outcome outcome() {
    return new Outcome(outcome, reason);
  }

  public boolean possible() {
    return this == DURABLE || this == IN_MEMORY;
  }
}
