package dev.gatewright.payment;

import dev.gatewright.ledger.purse.Accounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of whose card is charged by itself.
final class AutoTopupStore {
  private static final String COLUMNS =
      """
      SELECT a.organization_id, a.customer, a.method, a.below_nano, a.to_nano, a.month_nano_max,
        a.paused, a.failures, a.due_millis, a.version\
      """;

  private AutoTopupStore() {}

  static Optional<AutoTopup> find(Handle handle, String organizationId) {
    return handle
        .createQuery(COLUMNS + " FROM auto_topup a WHERE a.organization_id = :organization")
        .bind("organization", organizationId)
        .map((row, _) -> auto(row))
        .findOne();
  }

  static void write(Handle handle, AutoTopup now) {
    handle.execute(
        """
        INSERT INTO auto_topup (organization_id, customer, method, below_nano, to_nano,
          month_nano_max, paused, failures, due_millis, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
        ON CONFLICT (organization_id) DO UPDATE SET customer = excluded.customer,
          method = excluded.method, below_nano = excluded.below_nano, to_nano = excluded.to_nano,
          month_nano_max = excluded.month_nano_max, paused = excluded.paused,
          failures = excluded.failures, due_millis = excluded.due_millis,
          version = auto_topup.version + 1\
        """,
        now.organizationId(),
        now.customer(),
        now.method(),
        now.below(),
        now.to(),
        now.monthMax(),
        now.paused(),
        now.failures(),
        now.dueMillis());
  }

  /// One that is to be charged, and what is left.
  record Due(AutoTopup auto, long left) {}

  /// Of everybody.
  static List<Due> due(Handle handle, long nowMillis, int rowsMax) {
    return handle
        .createQuery(
            COLUMNS
                + """
                , p.room + p.held FROM auto_topup a
                JOIN purse p ON p.id = :prefix || substr(a.organization_id, 5)
                WHERE a.below_nano > 0 AND a.paused = '' AND a.due_millis <= :now
                  AND a.method <> '' AND p.room + p.held < a.below_nano
                ORDER BY a.organization_id LIMIT :max\
                """)
        .bind("prefix", Accounts.wallet(""))
        .bind("now", nowMillis)
        .bind("max", rowsMax)
        .map((row, _) -> new Due(auto(row), row.getLong(11)))
        .list();
  }

  private static AutoTopup auto(ResultSet row) throws SQLException {
    return new AutoTopup(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getString(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10));
  }
}
