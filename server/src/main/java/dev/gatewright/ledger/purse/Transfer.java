package dev.gatewright.ledger.purse;

/// Money that goes from one account to another, for good.
///
/// @param kind `grant`, `topup`, `usage`, `refund`, `expiry`, `adjustment`, `dispute` or `writeoff`
/// @param debit the account it leaves
/// @param credit the account it goes to
/// @param nano nano-USD, > 0
/// @param ref what it is for; a second one with the same is refused by the store
/// @param actor who caused it
public record Transfer(
    String organizationId,
    String kind,
    String debit,
    String credit,
    long nano,
    String ref,
    String note,
    String actor,
    long atMillis) {
  public Transfer {
    if (nano <= 0) {
      throw new IllegalArgumentException("transfer: %d nano-USD (expected: > 0)".formatted(nano));
    }
  }
}
