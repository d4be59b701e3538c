package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of what is owed.
final class DebtStore {
  private DebtStore() {}

  static long owed(Handle handle, String account) {
    return handle
        .createQuery("SELECT -balance FROM account WHERE id = ? AND balance < 0")
        .bind(0, account)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /// Takes a wallet's lock; it must be taken before any account's.
  ///
  /// @return what may be reserved; 0 where there is no wallet
  static long room(Handle handle, String wallet) {
    return handle
        .createQuery("UPDATE purse SET room = room WHERE id = ? RETURNING room")
        .bind(0, wallet)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  static List<String> organizations(Handle handle) {
    return handle
        .createQuery("SELECT id FROM account WHERE kind = 'debt' AND balance < 0 ORDER BY id")
        .mapTo(String.class)
        .list()
        .stream()
        .map(Accounts::debtor)
        .toList();
  }
}
