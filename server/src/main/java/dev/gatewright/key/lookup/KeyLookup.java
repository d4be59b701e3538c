package dev.gatewright.key.lookup;

import dev.gatewright.key.ApiKey;
import dev.gatewright.policy.Policy;

/// What looking a presented key up came to.
public sealed interface KeyLookup {
  /// The key exists, its secret fits and its state lets calls in.
  ///
  /// @param policy its rules and those of whom it belongs to, compiled
  /// @param policyAge what the policy is as of, see [PolicyViews#age()]
  record Found(ApiKey key, Policy policy, long policyAge) implements KeyLookup {}

  /// No. To the outside all reasons look the same.
  ///
  /// @param reason for the access log: `malformed`, `unknown`, `secret`, `rotated_out`, or the word
  ///   of a [KeyState]
  /// @param keyId the key it claims to be, or `-`
  record Rejected(String reason, String keyId) implements KeyLookup {}

  /// Too many failures from this address for a key that is not in memory.
  record Throttled(int retryAfterSeconds) implements KeyLookup {}

  /// Nobody can say: the store is gone, too busy, or its news are too old.
  ///
  /// @param reason for the access log
  record Unavailable(String reason, int retryAfterSeconds) implements KeyLookup {}
}
