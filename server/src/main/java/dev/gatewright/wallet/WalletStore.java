package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.LotStore;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL of wallets. Everywhere the purse comes first, then accounts, then lots: the order in which
/// the projection takes them as well.
public final class WalletStore {
  /// Kinds of credit after which shares are of what there is then.
  private static final Set<String> LEVELS = Set.of("grant", "topup");

  private WalletStore() {}

  /// @param room may be reserved
  /// @param held by open calls
  /// @param unposted settled, not yet a transfer
  public record Wallet(String id, long room, long held, long unposted) {
    /// What is left when calls under way have cost nothing.
    public long balance() {
      return room + held;
    }
  }

  /// Credit that is given to a wallet.
  ///
  /// @param kind of the transfer
  /// @param from the account it comes from
  /// @param lot `paid` or `promotional`
  /// @param expiresMillis 0 = never
  public record Credit(
      String organizationId,
      String kind,
      String from,
      String lot,
      long nano,
      long expiresMillis,
      String ref,
      String note,
      String actor,
      long atMillis) {}

  /// Empty when the organization has none.
  public static Optional<Wallet> find(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT id, room, held, unposted FROM purse WHERE id = ?")
        .bind(0, Accounts.wallet(organizationId))
        .map((row, _) ->
            new Wallet(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .findOne();
  }

  /// All there are.
  static Set<String> ids(Handle handle) {
    return handle
        .createQuery("SELECT id FROM purse WHERE kind = 'wallet'")
        .mapTo(String.class)
        .set();
  }

  /// Makes a wallet of nothing, where there is none.
  public static void create(Handle handle, String organizationId) {
    add(handle, organizationId, 0);
  }

  private static void add(Handle handle, String organizationId, long nano) {
    handle.execute(
        """
        INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted, posted)
        VALUES (?, ?, 'wallet', 0, ?, 0, 0, 0)
        ON CONFLICT (id) DO UPDATE SET room = purse.room + excluded.room\
        """,
        Accounts.wallet(organizationId),
        organizationId,
        nano);
  }

  /// Gives a wallet credit; the first makes it.
  public static void give(Handle handle, Credit credit) {
    String wallet = Accounts.wallet(credit.organizationId());
    add(handle, credit.organizationId(), credit.nano());
    TransferStore.post(
        handle,
        List.of(
            new Transfer(
                credit.organizationId(),
                credit.kind(),
                credit.from(),
                wallet,
                credit.nano(),
                credit.ref(),
                credit.note(),
                credit.actor(),
                credit.atMillis())));
    LotStore.insert(
        handle,
        new LotStore.Lot(
            "lot_" + UUID.randomUUID().toString().replace("-", ""),
            credit.organizationId(),
            wallet,
            credit.lot(),
            credit.nano(),
            0,
            credit.expiresMillis(),
            credit.atMillis()),
        credit.ref());
    Debts.collect(handle, credit.organizationId(), credit.atMillis());
    if (LEVELS.contains(credit.kind())) {
      LevelStore.begin(handle, credit.organizationId());
    }
  }

  /// Makes a wallet of nothing for each organization that has none, but for one.
  ///
  /// @return those that have one now
  static List<String> createMissing(Handle handle, String but) {
    return handle
        .createQuery(
            """
            INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted, posted)
            SELECT :prefix || substr(o.id, 5), o.id, 'wallet', 0, 0, 0, 0, 0 FROM organization o
            WHERE o.state IN ('active', 'deleting') AND o.id <> :but
            ON CONFLICT (id) DO NOTHING
            RETURNING organization_id\
            """)
        .bind("prefix", Accounts.wallet(""))
        .bind("but", but)
        .mapTo(String.class)
        .list();
  }

  /// Takes from what may be reserved, and never below nothing.
  ///
  /// @return false when there is less
  public static boolean takeRoom(Handle handle, String organizationId, long nano) {
    return handle.execute(
            "UPDATE purse SET room = room - ? WHERE id = ? AND room >= ?",
            nano,
            Accounts.wallet(organizationId),
            nano)
        == 1;
  }

  /// One has the ref already.
  public static boolean booked(Handle handle, String ref) {
    return handle
            .createQuery("SELECT count(*) FROM transfer WHERE ref = ?")
            .bind(0, ref)
            .mapTo(Long.class)
            .one()
        > 0;
  }
}
