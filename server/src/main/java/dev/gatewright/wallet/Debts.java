package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.LotStore;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What organizations owe: where a payment was taken back that had been used already. The account
/// `debt:…` stands below nothing by it; credit that comes goes there first.
public final class Debts {
  private Debts() {}

  /// Nano-USD, at least 0.
  public static long of(Handle handle, String organizationId) {
    return DebtStore.owed(handle, Accounts.debt(organizationId));
  }

  /// Who owes something.
  static List<String> organizations(Handle handle) {
    return DebtStore.organizations(handle);
  }

  /// Takes back so much of an organization's credit: from what may be reserved, and what is beyond
  /// is owed.
  ///
  /// @param kind of the transfers: `dispute` or `refund`
  /// @param to the account it goes to
  /// @param ref of the act, once
  public static void takeBack(
      Handle handle,
      String organizationId,
      String kind,
      String to,
      long nano,
      String ref,
      String note,
      long nowMillis) {
    long taken = Math.min(DebtStore.room(handle, Accounts.wallet(organizationId)), nano);
    if (taken > 0) {
      take(handle, organizationId, kind, to, taken, ref, note, nowMillis);
    }
    if (nano > taken) {
      TransferStore.post(
          handle,
          List.of(
              new Transfer(
                  organizationId,
                  kind,
                  Accounts.debt(organizationId),
                  to,
                  nano - taken,
                  ref + ":debt",
                  note,
                  "system",
                  nowMillis)));
    }
  }

  private static void take(
      Handle handle,
      String organizationId,
      String kind,
      String to,
      long nano,
      String ref,
      String note,
      long nowMillis) {
    String wallet = Accounts.wallet(organizationId);
    if (!WalletStore.takeRoom(handle, organizationId, nano)) {
      throw new IllegalStateException(wallet + ": its room changed under its lock");
    }
    TransferStore.post(
        handle,
        List.of(
            new Transfer(organizationId, kind, wallet, to, nano, ref, note, "system", nowMillis)));
    LotStore.use(handle, wallet, nano);
  }

  /// Pays what is owed from what may be reserved.
  ///
  /// @return what was paid
  public static long collect(Handle handle, String organizationId, long nowMillis) {
    long room = DebtStore.room(handle, Accounts.wallet(organizationId));
    long pays = Math.min(of(handle, organizationId), room);
    if (pays > 0) {
      take(
          handle,
          organizationId,
          "adjustment",
          Accounts.debt(organizationId),
          pays,
          "debt:" + UUID.randomUUID(),
          "what was owed",
          nowMillis);
    }
    return pays;
  }
}
