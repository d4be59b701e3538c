package dev.gatewright.payment;

/// Bought credit on its way back to who paid it. Money in nano-USD.
///
/// @param id `ref_…`; under it the provider does it once
/// @param nano of the credit, taken from the wallet already
/// @param paidNano what goes back to the card, its share of tax included; whole cents
/// @param state `begun`, `done` or `failed`
/// @param providerId empty until it is done
/// @param dueMillis when to ask the provider again; 0 = never
record TopupRefund(
    String organizationId,
    String id,
    String topupId,
    String intentId,
    long nano,
    long paidNano,
    String state,
    String providerId,
    String problem,
    long dueMillis,
    String createdBy,
    long createdMillis) {
  static final String BEGUN = "begun";
  static final String DONE = "done";
  static final String FAILED = "failed";

  TopupRefund in(String newState, String newProviderId, String newProblem, long newDue) {
    return new TopupRefund(
        organizationId,
        id,
        topupId,
        intentId,
        nano,
        paidNano,
        newState,
        newProviderId,
        newProblem,
        newDue,
        createdBy,
        createdMillis);
  }
}
