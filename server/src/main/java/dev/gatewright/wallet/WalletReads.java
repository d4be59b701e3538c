package dev.gatewright.wallet;

import dev.gatewright.ledger.Usd;
import java.time.Instant;

/// What reads of a wallet bring.
final class WalletReads {
  private WalletReads() {}

  /// A transfer as it stands in a wallet's books.
  ///
  /// @param change what the wallet's balance changed by; 0 where only platform accounts moved
  record Entry(
      String id,
      long position,
      String kind,
      String debit,
      String credit,
      long amount,
      String ref,
      String note,
      long atMillis,
      String hash,
      long change) {
    /// The schema `BillingEntry`.
    View view() {
      return new View(
          id,
          kind,
          debit,
          credit,
          Usd.text(amount),
          ref,
          note,
          Instant.ofEpochMilli(atMillis),
          hash);
    }
  }

  /// What transfers of one kind changed a wallet's balance by in a quarter of an hour, which no
  /// zone's midnight divides.
  record Posted(String kind, long fromMillis, long nano) {}

  record View(
      String id,
      String kind,
      String debit,
      String credit,
      String usd,
      String ref,
      String note,
      Instant at,
      String hash) {}

  /// What is left of the lots of each kind.
  record Lots(long paid, long promotional) {}
}
