package dev.gatewright.wallet;

import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.wallet.WalletReads.Entry;
import dev.gatewright.wallet.WalletReads.Lots;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL that reads an organization's books.
final class WalletReadStore {
  private static final String ENTRY =
      """
      SELECT id, position, kind, debit, credit, amount, ref, note, at_millis, hash,
        CASE WHEN credit = :wallet THEN amount WHEN debit = :wallet THEN -amount ELSE 0 END
      FROM transfer WHERE organization_id = :organization \
      """;

  private WalletReadStore() {}

  /// Newest first.
  static List<Entry> entries(Handle handle, String organizationId, long before, int rows) {
    return handle
        .createQuery(ENTRY + "AND position < :before ORDER BY position DESC LIMIT :rows")
        .bind("wallet", Accounts.wallet(organizationId))
        .bind("organization", organizationId)
        .bind("before", before)
        .bind("rows", rows)
        .map((row, _) -> entry(row))
        .list();
  }

  private static Entry entry(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Entry(
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        row.getString(8),
        row.getLong(9),
        row.getString(10),
        row.getLong(11));
  }

  static Lots lots(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'paid' THEN amount - used ELSE 0 END), 0)
                AS BIGINT),
              CAST(COALESCE(SUM(CASE WHEN kind = 'paid' THEN 0 ELSE amount - used END), 0)
                AS BIGINT)
            FROM lot WHERE wallet = ? AND organization_id = ? AND used < amount\
            """)
        .bind(0, Accounts.wallet(organizationId))
        .bind(1, organizationId)
        .map((row, _) -> new Lots(row.getLong(1), row.getLong(2)))
        .one();
  }

  /// What a request was billed, all its attempts together.
  static long billed(Handle handle, String organizationId, String requestId) {
    // Its id tells when it began; its attempts began within some hours of that.
    String hex = requestId.startsWith("req_") ? requestId.substring(4) : "";
    boolean timed = hex.matches("[0-9a-f]{32}");
    long began = timed ? Long.parseLong(hex.substring(0, 12), 16) : 0;
    return handle
        .createQuery(
            """
            SELECT CAST(COALESCE(SUM(billed_nano), 0) AS BIGINT) FROM usage_attempt
            WHERE organization_id = ? AND test = 0 AND id >= ? AND id < ? AND request_id = ?\
            """)
        .bind(0, organizationId)
        .bind(1, AttemptIds.floor(Math.max(0, began - 60_000)))
        .bind(2, timed ? AttemptIds.floor(began + 86_400_000L) : "att_g")
        .bind(3, requestId)
        .mapTo(Long.class)
        .one();
  }
}
