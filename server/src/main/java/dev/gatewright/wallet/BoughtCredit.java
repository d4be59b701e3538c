package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.LotStore;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Credit that was paid for, on its way back to who paid: only what nobody has used, and no credit
/// that was given for nothing. In the transaction of the act.
public final class BoughtCredit {
  private static final String REFUND = "refund";

  private BoughtCredit() {}

  /// Takes it from what may be reserved, and from paid lots.
  ///
  /// @param ref of the act, once
  /// @return what there was, where that is less: nothing is taken then
  public static long take(
      Handle handle,
      String organizationId,
      long nano,
      String ref,
      String note,
      String actor,
      long nowMillis) {
    String wallet = Accounts.wallet(organizationId);
    // The purse comes first, as everywhere: behind its lock the lots stand still.
    if (!WalletStore.takeRoom(handle, organizationId, nano)) {
      return WalletStore.find(handle, organizationId).map(WalletStore.Wallet::room).orElse(0L);
    }
    TransferStore.post(
        handle,
        List.of(
            new Transfer(
                organizationId, REFUND, wallet, Accounts.CASH, nano, ref, note, actor, nowMillis)));
    return nano - LotStore.usePaid(handle, wallet, nano);
  }

  /// Undoes it.
  ///
  /// @param ref of this act, once
  public static void giveBack(
      Handle handle, String organizationId, long nano, String ref, long nowMillis) {
    WalletStore.give(
        handle,
        new WalletStore.Credit(
            organizationId,
            REFUND,
            Accounts.CASH,
            "paid",
            nano,
            0,
            ref,
            "the payment provider refused it",
            "system",
            nowMillis));
  }
}
