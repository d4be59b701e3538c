package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.Hold;

/// Names of accounts. A wallet's account and purse have one id.
public final class Accounts {
  /// Money that came in from outside.
  public static final String CASH = "platform:cash_in";

  /// Credit nobody paid for.
  public static final String PROMOTION = "platform:promotion";

  /// What calls were billed.
  public static final String REVENUE = "platform:revenue";

  /// What a call cost beyond its reservation: nobody is charged for it.
  public static final String WRITEOFF = "platform:writeoff";

  /// Credit that was not used in time.
  public static final String EXPIRED = "platform:expired";

  /// Corrections by hand.
  public static final String ADJUSTMENTS = "platform:adjustments";

  private Accounts() {}

  /// The wallet of an organization.
  public static String wallet(String organizationId) {
    return Hold.WALLET
        + (organizationId.startsWith("org_") ? organizationId.substring(4) : organizationId);
  }
}
