package dev.gatewright.store;

import java.util.Locale;

/// Who may use which connections to the store, so that none can starve another: each lane has its
/// own, with time limits of its own.
public enum Lane {
  /// The attempt log: one writer. Calls wait for it.
  LOG,
  /// What calls look up (keys, policies, credentials), and what keeps this process in the world:
  /// its lease, the change feed. Short statements only.
  LOOK_UPS,
  /// Lists, sums, exports, changes, the projection of usage.
  PORTAL;

  /// The word in metrics, and in what PostgreSQL shows of its connections.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
