package dev.gatewright.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of bought credit that is given back.
final class TopupRefundStore {
  private static final String COLUMNS =
      """
      SELECT organization_id, id, topup_id, intent_id, nano, paid_nano, state, provider_id, problem,
        due_millis, created_by, created_millis FROM topup_refund \
      """;

  private TopupRefundStore() {}

  /// @return false when the purchase is, or was, given back already
  static boolean insert(Handle handle, TopupRefund made) {
    return handle.execute(
            """
            INSERT INTO topup_refund (organization_id, id, topup_id, intent_id, nano, paid_nano,
              state, provider_id, problem, due_millis, created_by, created_millis)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
            """,
            made.organizationId(),
            made.id(),
            made.topupId(),
            made.intentId(),
            made.nano(),
            made.paidNano(),
            made.state(),
            made.providerId(),
            made.problem(),
            made.dueMillis(),
            made.createdBy(),
            made.createdMillis())
        == 1;
  }

  static void update(Handle handle, TopupRefund now) {
    handle.execute(
        """
        UPDATE topup_refund SET state = ?, provider_id = ?, problem = ?, due_millis = ?
        WHERE organization_id = ? AND id = ?\
        """,
        now.state(),
        now.providerId(),
        now.problem(),
        now.dueMillis(),
        now.organizationId(),
        now.id());
  }

  static Optional<TopupRefund> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(COLUMNS + "WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", id)
        .map((row, _) -> refund(row))
        .findOne();
  }

  /// One that is on its way, or came through.
  static boolean given(Handle handle, String organizationId, String topupId) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM topup_refund
            WHERE organization_id = :organization AND topup_id = :topup AND state <> 'failed'\
            """)
        .bind("organization", organizationId)
        .bind("topup", topupId)
        .mapTo(Long.class)
        .findFirst()
        .isPresent();
  }

  /// Those the provider is to be asked about, of everybody.
  static List<TopupRefund> due(Handle handle, long nowMillis, int rowsMax) {
    return handle
        .createQuery(
            COLUMNS + "WHERE due_millis > 0 AND due_millis <= :now ORDER BY due_millis LIMIT :max")
        .bind("now", nowMillis)
        .bind("max", rowsMax)
        .map((row, _) -> refund(row))
        .list();
  }

  /// Takes one for a while; false when another replica has it.
  static boolean claim(Handle handle, TopupRefund due, long untilMillis) {
    return handle.execute(
            """
            UPDATE topup_refund SET due_millis = ?
            WHERE organization_id = ? AND id = ? AND due_millis = ?\
            """,
            untilMillis,
            due.organizationId(),
            due.id(),
            due.dueMillis())
        == 1;
  }

  private static TopupRefund refund(ResultSet row) throws SQLException {
    return new TopupRefund(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getLong(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getLong(10),
        row.getString(11),
        row.getLong(12));
  }
}
