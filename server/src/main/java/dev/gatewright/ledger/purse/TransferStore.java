package dev.gatewright.ledger.purse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL of accounts and transfers. Each transfer of an organization carries the hash of the one
/// before; the wallet's account holds the end of that chain and is the lock that orders it.
public final class TransferStore {
  private TransferStore() {}

  /// The end of a chain.
  record Head(long position, String hash) {}

  /// Posts all of these, in the transaction of `handle`; accounts change in the order of their ids.
  public static void post(Handle handle, List<Transfer> transfers) {
    Map<String, Long> deltas = new TreeMap<>();
    Map<String, String> owners = new TreeMap<>();
    for (Transfer transfer : transfers) {
      deltas.merge(transfer.debit(), -transfer.nano(), Long::sum);
      deltas.merge(transfer.credit(), transfer.nano(), Long::sum);
      // The chain's end stands there, so it is locked even where only platform accounts move.
      String wallet = Accounts.wallet(transfer.organizationId());
      deltas.merge(wallet, 0L, Long::sum);
      owners.put(wallet, transfer.organizationId());
    }
    Map<String, Head> heads = new TreeMap<>();
    deltas.forEach((account, delta) -> {
      String owner = owners.getOrDefault(account, "");
      Head head = move(handle, account, owner, delta);
      if (!owner.isEmpty()) {
        heads.put(owner, head);
      }
    });
    for (Transfer transfer : transfers) {
      heads.compute(
          transfer.organizationId(),
          (_, before) -> insert(handle, transfer, before == null ? new Head(0, "") : before));
    }
    heads.forEach((organization, head) ->
        handle.execute(
            "UPDATE account SET position = ?, head = ? WHERE id = ?",
            head.position(),
            head.hash(),
            Accounts.wallet(organization)));
  }

  private static Head move(Handle handle, String account, String organizationId, long delta) {
    return handle
        .createQuery(
            """
            INSERT INTO account (id, organization_id, kind, balance, position, head)
            VALUES (?, ?, ?, ?, 0, '')
            ON CONFLICT (id) DO UPDATE SET balance = account.balance + excluded.balance
            RETURNING position, head\
            """)
        .bind(0, account)
        .bind(1, organizationId)
        .bind(2, Accounts.kind(account))
        .bind(3, delta)
        .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
        .one();
  }

  private static Head insert(Handle handle, Transfer transfer, Head before) {
    String id = "trf_" + UUID.randomUUID().toString().replace("-", "");
    long position = before.position() + 1;
    String hash = hash(before.hash(), id, position, transfer);
    handle.execute(
        """
        INSERT INTO transfer (organization_id, position, id, kind, debit, credit, amount, ref, note,
          actor, at_millis, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        transfer.organizationId(),
        position,
        id,
        transfer.kind(),
        transfer.debit(),
        transfer.credit(),
        transfer.nano(),
        transfer.ref(),
        transfer.note(),
        transfer.actor(),
        transfer.atMillis(),
        hash);
    return new Head(position, hash);
  }

  /// SHA-256 over the hash before and every field, each with its length before it.
  static String hash(String before, String id, long position, Transfer transfer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object field :
          List.of(
              before,
              id,
              position,
              transfer.organizationId(),
              transfer.kind(),
              transfer.debit(),
              transfer.credit(),
              transfer.nano(),
              transfer.ref(),
              transfer.note(),
              transfer.actor(),
              transfer.atMillis())) {
        byte[] bytes = field.toString().getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
