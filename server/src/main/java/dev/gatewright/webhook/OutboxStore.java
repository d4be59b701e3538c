package dev.gatewright.webhook;

import dev.gatewright.webhook.Happenings.Happening;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of what is to be told. What one organization asks for is confined to it; the worker asks for
/// everybody's.
final class OutboxStore {
  private static final String DELIVERY =
      """
      organization_id, id, webhook_id, event_id, kind, object_id, state, attempts, due_millis,
      until_millis, status, problem, created_millis, COALESCE(ended_millis, 0)\
      """;

  private OutboxStore() {}

  /// The enabled webhooks of an organization that want to hear `kind` and have fewer than
  /// `waitingMax` deliveries waiting.
  static List<String> wanting(Handle handle, String organizationId, String kind, int waitingMax) {
    return handle
        .createQuery(
            """
            SELECT id, events FROM webhook
            WHERE organization_id = :organization AND state = 'enabled' ORDER BY id\
            """)
        .bind("organization", organizationId)
        .map((row, _) ->
            Kinds.wants(List.of(row.getString(2).split("\n", -1)), kind) ? row.getString(1) : "")
        .filter(id -> !id.isEmpty())
        .list()
        .stream()
        .filter(id -> waiting(handle, organizationId, id, waitingMax) < waitingMax)
        .toList();
  }

  /// How many are open, counted up to `most`.
  private static int waiting(Handle handle, String organizationId, String webhookId, int most) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM (SELECT 1 FROM webhook_delivery
              WHERE organization_id = :organization AND webhook_id = :webhook
                AND ended_millis IS NULL LIMIT :most) AS counted\
            """)
        .bind("organization", organizationId)
        .bind("webhook", webhookId)
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  static void insertEvent(Handle handle, Happening what, String id, String body) {
    handle.execute(
        """
        INSERT INTO webhook_event (organization_id, id, kind, object_id, body, at_millis)
        VALUES (?, ?, ?, ?, ?, ?)\
        """,
        what.organizationId(),
        id,
        what.kind(),
        what.objectId(),
        body,
        what.atMillis());
  }

  static void insertDelivery(
      Handle handle,
      Happening what,
      String eventId,
      String webhookId,
      String id,
      long untilMillis) {
    handle.execute(
        """
        INSERT INTO webhook_delivery (organization_id, id, webhook_id, event_id, kind, object_id,
          state, worker, attempts, due_millis, until_millis, status, problem, created_millis)
        VALUES (?, ?, ?, ?, ?, ?, 'waiting', '', 0, ?, ?, 0, '', ?)\
        """,
        what.organizationId(),
        id,
        webhookId,
        eventId,
        what.kind(),
        what.objectId(),
        what.atMillis(),
        untilMillis,
        what.atMillis());
  }

  /// Newest first.
  ///
  /// @param before an id; null = from the newest on
  static List<Delivery> deliveries(
      Handle handle, String organizationId, String webhookId, @Nullable String before, int rows) {
    return handle
        .createQuery(
            "SELECT "
                + DELIVERY
                + """
                 FROM webhook_delivery WHERE organization_id = :organization
                  AND webhook_id = :webhook AND id < :before ORDER BY id DESC LIMIT :rows\
                """)
        .bind("organization", organizationId)
        .bind("webhook", webhookId)
        // After every id there is.
        .bind("before", before == null ? "dlv_g" : before)
        .bind("rows", rows)
        .map((row, _) -> delivery(row))
        .list();
  }

  static Optional<Delivery> delivery(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT "
                + DELIVERY
                + " FROM webhook_delivery WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", id)
        .map((row, _) -> delivery(row))
        .findOne();
  }

  /// As it is sent; empty when it is too old to be kept.
  static Optional<String> body(Handle handle, String organizationId, String eventId) {
    return handle
        .createQuery(
            "SELECT body FROM webhook_event WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", eventId)
        .mapTo(String.class)
        .findOne();
  }

  /// What is due, of everybody, those that waited longest first.
  ///
  /// @param busy webhooks that have as many under way as they may
  static List<Delivery> due(Handle handle, long nowMillis, Collection<String> busy, int rows) {
    return handle
        .createQuery(
            "SELECT "
                + DELIVERY
                + """
                 FROM webhook_delivery WHERE ended_millis IS NULL AND due_millis <= :now
                  AND webhook_id NOT IN (<busy>) ORDER BY due_millis, id LIMIT :rows\
                """)
        .bind("now", nowMillis)
        .bindList("busy", busy.isEmpty() ? List.of("") : List.copyOf(busy))
        .bind("rows", rows)
        .map((row, _) -> delivery(row))
        .list();
  }

  /// Takes one that is still free; null when another worker has it by now.
  static boolean claim(
      Handle handle, Delivery due, String worker, long nowMillis, long untilMillis) {
    return handle.execute(
            """
            UPDATE webhook_delivery
            SET state = 'taken', worker = ?, attempts = attempts + 1, due_millis = ?
            WHERE organization_id = ? AND id = ? AND ended_millis IS NULL AND due_millis <= ?
              AND attempts = ?\
            """,
            worker,
            untilMillis,
            due.organizationId(),
            due.id(),
            nowMillis,
            due.attempts())
        == 1;
  }

  /// Ends a try that went wrong; false, and nothing done, when it is another's by now.
  static boolean again(
      Handle handle, Delivery taken, String worker, int status, String problem, long dueMillis) {
    return handle.execute(
            """
            UPDATE webhook_delivery
            SET state = 'waiting', worker = '', due_millis = ?, status = ?, problem = ?
            WHERE organization_id = ? AND id = ? AND worker = ? AND attempts = ?
              AND ended_millis IS NULL\
            """,
            dueMillis,
            status,
            problem,
            taken.organizationId(),
            taken.id(),
            worker,
            taken.attempts())
        == 1;
  }

  /// The same for good.
  ///
  /// @param state `delivered`, `failed` or `dropped`
  static boolean end(
      Handle handle,
      Delivery taken,
      String worker,
      String state,
      int status,
      String problem,
      long nowMillis) {
    return handle.execute(
            """
            UPDATE webhook_delivery
            SET state = ?, worker = '', status = ?, problem = ?, ended_millis = ?
            WHERE organization_id = ? AND id = ? AND worker = ? AND attempts = ?
              AND ended_millis IS NULL\
            """,
            state,
            status,
            problem,
            nowMillis,
            taken.organizationId(),
            taken.id(),
            worker,
            taken.attempts())
        == 1;
  }

  /// Ends all that wait for a webhook that is told nothing any more.
  static void endAll(
      Handle handle, String organizationId, String webhookId, String problem, long nowMillis) {
    handle.execute(
        """
        UPDATE webhook_delivery SET state = 'dropped', worker = '', problem = ?, ended_millis = ?
        WHERE organization_id = ? AND webhook_id = ? AND ended_millis IS NULL\
        """,
        problem,
        nowMillis,
        organizationId,
        webhookId);
  }

  /// Begins a delivery anew, with the life of a new one.
  static void resend(
      Handle handle, String organizationId, String id, long nowMillis, long untilMillis) {
    handle.execute(
        """
        UPDATE webhook_delivery SET state = 'waiting', worker = '', attempts = 0, due_millis = ?,
          until_millis = ?, ended_millis = NULL
        WHERE organization_id = ? AND id = ?\
        """,
        nowMillis,
        untilMillis,
        organizationId,
        id);
  }

  static void deleteOf(Handle handle, String organizationId, String webhookId) {
    handle.execute(
        "DELETE FROM webhook_delivery WHERE organization_id = ? AND webhook_id = ?",
        organizationId,
        webhookId);
  }

  /// Forgets deliveries that ended long ago, then events that no delivery is about any more.
  static void purge(Handle handle, long endedBefore, long eventsBefore, int most) {
    handle.execute(
        """
        DELETE FROM webhook_delivery WHERE (organization_id, id) IN
          (SELECT organization_id, id FROM webhook_delivery WHERE ended_millis < ? LIMIT ?)\
        """,
        endedBefore,
        most);
    handle.execute(
        """
        DELETE FROM webhook_event WHERE (organization_id, id) IN
          (SELECT e.organization_id, e.id FROM webhook_event e WHERE e.at_millis < ?
            AND NOT EXISTS (SELECT 1 FROM webhook_delivery d
              WHERE d.organization_id = e.organization_id AND d.event_id = e.id)
           ORDER BY e.at_millis LIMIT ?)\
        """,
        eventsBefore,
        most);
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getInt(11),
        row.getString(12),
        row.getLong(13),
        row.getLong(14));
  }
}
