package dev.gatewright.secret.keyring;

import dev.gatewright.secret.Secret;

/// What opening a sealed value came to.
public sealed interface Opened {
  record Value(Secret secret) implements Opened {}

  /// Not what was sealed for this place, or its key is gone: trying again changes nothing.
  record Tampered() implements Opened {}

  /// Its key cannot be had now; others may go on.
  ///
  /// @param reason a sentence for the operator
  record Unavailable(String reason) implements Opened {}
}
