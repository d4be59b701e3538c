package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of how much of its last credit a wallet has left.
final class LevelStore {
  private LevelStore() {}

  /// A wallet that is at or below a share of what it had.
  ///
  /// @param left nano-USD
  record Low(String organizationId, long base, long left) {}

  /// From here on shares are of what there is now.
  static void begin(Handle handle, String organizationId) {
    handle.execute(
        """
        INSERT INTO wallet_level (organization_id, base_nano, told_percent)
        SELECT organization_id, room + held, 100 FROM purse WHERE id = ?
        ON CONFLICT (organization_id)
        DO UPDATE SET base_nano = excluded.base_nano, told_percent = 100\
        """,
        Accounts.wallet(organizationId));
  }

  /// Those that have at most `percent` left and were not told so, of everybody.
  static List<Low> low(Handle handle, long percent, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT l.organization_id, l.base_nano, p.room + p.held FROM wallet_level l
            JOIN purse p ON p.id = :prefix || substr(l.organization_id, 5)
            WHERE l.told_percent > :percent AND l.base_nano > 0
              AND (p.room + p.held) * 100 <= l.base_nano * :percent
            ORDER BY l.organization_id LIMIT :max\
            """)
        .bind("prefix", Accounts.wallet(""))
        .bind("percent", percent)
        .bind("max", rowsMax)
        .map((row, _) -> new Low(row.getString(1), row.getLong(2), row.getLong(3)))
        .list();
  }

  /// Once; false when another replica was first, or there is credit again.
  static boolean told(Handle handle, String organizationId, long base, long percent) {
    return handle.execute(
            """
            UPDATE wallet_level SET told_percent = ?
            WHERE organization_id = ? AND base_nano = ? AND told_percent > ?\
            """,
            percent,
            organizationId,
            base,
            percent)
        == 1;
  }
}
