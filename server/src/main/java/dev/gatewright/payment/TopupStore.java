package dev.gatewright.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// SQL of what is bought. The payment provider names ours by its id alone, so that one look-up is
/// of everybody's; what an organization asks for is confined to it.
final class TopupStore {
  private static final String COLUMNS =
      """
      SELECT organization_id, id, kind, state, nano, url, session_id, intent_id, refunded_nano,
        disputed_nano, problem, due_millis, created_by, created_millis FROM topup \
      """;

  private TopupStore() {}

  /// @return false when the organization has one that charges by itself already
  static boolean insert(Handle handle, Topup made) {
    return bound(
                handle.createUpdate(
                    """
                    INSERT INTO topup (organization_id, id, kind, state, nano, url, session_id,
                      intent_id, refunded_nano, disputed_nano, problem, due_millis, created_by,
                      created_millis)
                    VALUES (:organization, :id, :kind, :state, :nano, :url, :session, :intent,
                      :refunded, :disputed, :problem, :due, :createdBy, :created)
                    ON CONFLICT DO NOTHING\
                    """),
                made)
            .bind("kind", made.kind())
            .bind("nano", made.nano())
            .bind("createdBy", made.createdBy())
            .bind("created", made.createdMillis())
            .execute()
        == 1;
  }

  static void update(Handle handle, Topup now) {
    bound(
            handle.createUpdate(
                """
                UPDATE topup SET state = :state, url = :url, session_id = :session,
                  intent_id = :intent, refunded_nano = :refunded, disputed_nano = :disputed,
                  problem = :problem, due_millis = :due
                WHERE organization_id = :organization AND id = :id\
                """),
            now)
        .execute();
  }

  private static Update bound(Update update, Topup topup) {
    return update
        .bind("organization", topup.organizationId())
        .bind("id", topup.id())
        .bind("state", topup.state())
        .bind("url", topup.url())
        .bind("session", topup.sessionId())
        .bind("intent", topup.intentId())
        .bind("refunded", topup.refunded())
        .bind("disputed", topup.disputed())
        .bind("problem", topup.problem())
        .bind("due", topup.dueMillis());
  }

  static Optional<Topup> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(COLUMNS + "WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", id)
        .map((row, _) -> topup(row))
        .findOne();
  }

  /// Whosever it is: the provider says so, by the id we gave it.
  static Optional<Topup> find(Handle handle, String id) {
    return handle
        .createQuery(COLUMNS + "WHERE id = :id")
        .bind("id", id)
        .map((row, _) -> topup(row))
        .findOne();
  }

  /// Those the provider is to be asked about, of everybody.
  static List<Topup> due(Handle handle, long nowMillis, int rowsMax) {
    return handle
        .createQuery(
            COLUMNS + "WHERE due_millis > 0 AND due_millis <= :now ORDER BY due_millis LIMIT :max")
        .bind("now", nowMillis)
        .bind("max", rowsMax)
        .map((row, _) -> topup(row))
        .list();
  }

  /// Takes one for a while; false when another replica has it.
  static boolean claim(Handle handle, Topup due, long untilMillis) {
    return handle.execute(
            """
            UPDATE topup SET due_millis = ?
            WHERE organization_id = ? AND id = ? AND due_millis = ?\
            """,
            untilMillis,
            due.organizationId(),
            due.id(),
            due.dueMillis())
        == 1;
  }

  /// What an organization was or is being charged by itself since a moment.
  static long charged(Handle handle, String organizationId, long fromMillis) {
    return handle
        .createQuery(
            """
            SELECT CAST(COALESCE(SUM(nano), 0) AS BIGINT) FROM topup
            WHERE organization_id = :organization AND kind = 'auto' AND state <> 'failed'
              AND created_millis >= :from\
            """)
        .bind("organization", organizationId)
        .bind("from", fromMillis)
        .mapTo(Long.class)
        .one();
  }

  private static Topup topup(ResultSet row) throws SQLException {
    return new Topup(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getLong(9),
        row.getLong(10),
        row.getString(11),
        row.getLong(12),
        row.getString(13),
        row.getLong(14));
  }
}
