package dev.gatewright.payment;

import dev.gatewright.rest.ETag;

/// When an organization's card is charged by itself. Money in nano-USD.
///
/// @param customer as the provider knows who pays; empty = nobody paid yet
/// @param below charged when less than this is left; 0 = never
/// @param to up to so much
/// @param monthMax at most so much in a calendar month, UTC
/// @param paused why it is not charged; empty = it is
/// @param failures in a row
/// @param dueMillis not before this
record AutoTopup(
    String organizationId,
    String customer,
    String method,
    long below,
    long to,
    long monthMax,
    String paused,
    long failures,
    long dueMillis,
    long version) {
  static AutoTopup none(String organizationId) {
    return new AutoTopup(organizationId, "", "", 0, 0, 0, "", 0, 0, 0);
  }

  /// Names its state: what `If-Match` is held against.
  String tag() {
    return ETag.of("auto-topup", organizationId, version);
  }

  boolean payable() {
    return !customer.isEmpty() && !method.isEmpty();
  }

  AutoTopup wanted(long newBelow, long newTo, long newMonthMax) {
    return new AutoTopup(
        organizationId, customer, method, newBelow, newTo, newMonthMax, "", 0, 0, version);
  }

  AutoTopup paidBy(PaymentProvider.Payer payer) {
    return new AutoTopup(
        organizationId, payer.customer(), payer.method(), below, to, monthMax, "", 0, 0, version);
  }

  AutoTopup failed(String why, long newFailures, long newDue) {
    return new AutoTopup(
        organizationId, customer, method, below, to, monthMax, why, newFailures, newDue, version);
  }
}
