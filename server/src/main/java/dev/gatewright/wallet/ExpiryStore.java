package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.LotStore.Lot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of lots whose time is over.
final class ExpiryStore {
  private static final String LOT =
      """
      SELECT id, organization_id, wallet, kind, amount, used, expires_millis, at_millis FROM lot \
      """;

  private ExpiryStore() {}

  static List<Lot> due(Handle handle, long nowMillis, int max) {
    return handle
        .createQuery(
            LOT
                + """
                WHERE used < amount AND expires_millis > 0 AND expires_millis <= ?
                ORDER BY expires_millis, id LIMIT ?\
                """)
        .bind(0, nowMillis)
        .bind(1, max)
        .map((row, _) -> lot(row))
        .list();
  }

  static Optional<Lot> find(Handle handle, String id) {
    return handle.createQuery(LOT + "WHERE id = ?").bind(0, id).map((row, _) -> lot(row)).findOne();
  }

  private static Lot lot(ResultSet row) throws SQLException {
    return new Lot(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8));
  }

  /// Takes a wallet's lock.
  ///
  /// @return its room
  static long locked(Handle handle, String wallet) {
    return handle
        .createQuery("UPDATE purse SET room = room WHERE id = ? RETURNING room")
        .bind(0, wallet)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /// What calls hold or have used and lots do not show yet.
  static long spoken(Handle handle, String wallet) {
    return handle
        .createQuery("SELECT held + unposted FROM purse WHERE id = ?")
        .bind(0, wallet)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }
}
