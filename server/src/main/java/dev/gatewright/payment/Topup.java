package dev.gatewright.payment;

/// Credit that is to be bought, or was. Money in nano-USD.
///
/// @param kind `page` or `auto`
/// @param state `begun` (the provider may not know of it), `open`, `paid` or `failed`
/// @param nano the credit, without tax; whole cents
/// @param url where it is paid; empty = nowhere
/// @param refunded of the credit, ever
/// @param disputed of the credit, now
/// @param dueMillis when to ask the provider; 0 = never
public record Topup(
    String organizationId,
    String id,
    String kind,
    String state,
    long nano,
    String url,
    String sessionId,
    String intentId,
    long refunded,
    long disputed,
    String problem,
    long dueMillis,
    String createdBy,
    long createdMillis) {
  static final String PAGE = "page";
  static final String AUTO = "auto";
  static final String BEGUN = "begun";
  static final String OPEN = "open";
  static final String PAID = "paid";
  static final String FAILED = "failed";

  boolean auto() {
    return kind.equals(AUTO);
  }

  boolean over() {
    return state.equals(PAID) || state.equals(FAILED);
  }

  Topup in(String newState, String newIntent, String newProblem, long newDue) {
    return new Topup(
        organizationId,
        id,
        kind,
        newState,
        nano,
        url,
        sessionId,
        newIntent,
        refunded,
        disputed,
        newProblem,
        newDue,
        createdBy,
        createdMillis);
  }

  Topup at(PaymentProvider.Page page, long newDue) {
    return new Topup(
        organizationId,
        id,
        kind,
        OPEN,
        nano,
        page.url(),
        page.id(),
        intentId,
        refunded,
        disputed,
        problem,
        newDue,
        createdBy,
        createdMillis);
  }

  Topup taken(long nowRefunded, long nowDisputed) {
    return new Topup(
        organizationId,
        id,
        kind,
        state,
        nano,
        url,
        sessionId,
        intentId,
        nowRefunded,
        nowDisputed,
        problem,
        dueMillis,
        createdBy,
        createdMillis);
  }
}
