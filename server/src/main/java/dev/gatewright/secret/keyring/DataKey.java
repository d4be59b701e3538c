package dev.gatewright.secret.keyring;

import dev.gatewright.secret.Context;
import dev.gatewright.secret.KeyWrapper;

/// A key as it stands in the store: wrapped.
record DataKey(Id id, String kekId, KeyWrapper.Wrapped wrapped) {
  /// The platform's own keys belong to no organization.
  static final String PLATFORM = "";

  /// @param organizationId `org_…`, or [#PLATFORM]
  /// @param version from 1 on; text that was sealed says which
  record Id(String organizationId, String purpose, long version) {
    /// What the wrapped key is bound to: moved to another row it opens no more.
    byte[] context() {
      return Context.of("gatewright data key", organizationId, purpose, Long.toString(version));
    }
  }
}
