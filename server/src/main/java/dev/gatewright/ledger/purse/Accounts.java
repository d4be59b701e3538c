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

  /// What precedes an organization in the name of what it owes.
  private static final String DEBT = "debt:";

  private Accounts() {}

  /// The wallet of an organization.
  public static String wallet(String organizationId) {
    return Hold.WALLET
        + (organizationId.startsWith("org_") ? organizationId.substring(4) : organizationId);
  }

  /// What an organization owes; below nothing where it does.
  public static String debt(String organizationId) {
    return DEBT + organizationId;
  }

  /// The organization of [#debt].
  public static String debtor(String account) {
    return account.substring(DEBT.length());
  }

  /// The word in the column `kind`.
  static String kind(String account) {
    return account.startsWith(Hold.WALLET)
        ? "wallet"
        : account.startsWith(DEBT) ? "debt" : "platform";
  }
}
