package dev.gatewright.ledger.lease;

/// Who writes by a lease, and hears about it from the lease's thread.
public interface Lessee {
  /// The instance it writes as now.
  String instance();

  /// Somebody found that `instance` may write no more.
  void leaseLost(String instance);

  /// @param newest the newest form that every process on the store can read
  void writeForm(int newest);
}
