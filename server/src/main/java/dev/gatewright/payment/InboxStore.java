package dev.gatewright.payment;

import dev.gatewright.payment.PaymentProvider.Notice;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of what the payment provider sent: the platform's, for it says itself whose payment it is.
final class InboxStore {
  private InboxStore() {}

  /// @param attempts that were begun
  record Received(Notice notice, long attempts, long dueMillis) {}

  /// Once each; a second one of the same id changes nothing.
  static void insert(Handle handle, Notice notice, long nowMillis) {
    handle.execute(
        """
        INSERT INTO payment_event (id, type, reference, state, attempts, due_millis, received_millis)
        VALUES (?, ?, ?, 'received', 0, ?, ?) ON CONFLICT (id) DO NOTHING\
        """,
        notice.id(),
        notice.type(),
        notice.reference(),
        nowMillis,
        nowMillis);
  }

  static List<Received> due(Handle handle, long nowMillis, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT id, type, reference, attempts, due_millis FROM payment_event
            WHERE state = 'received' AND due_millis <= :now ORDER BY due_millis LIMIT :max\
            """)
        .bind("now", nowMillis)
        .bind("max", rowsMax)
        .map((row, _) ->
            new Received(
                new Notice(row.getString(1), row.getString(2), row.getString(3)),
                row.getLong(4),
                row.getLong(5)))
        .list();
  }

  static boolean claim(Handle handle, Received due, long untilMillis) {
    return handle.execute(
            """
            UPDATE payment_event SET due_millis = ?, attempts = attempts + 1
            WHERE id = ? AND state = 'received' AND due_millis = ?\
            """,
            untilMillis,
            due.notice().id(),
            due.dueMillis())
        == 1;
  }

  /// @param state `done`, or `ignored` for what is none of ours
  static void end(Handle handle, String id, String state) {
    handle.execute("UPDATE payment_event SET state = ? WHERE id = ?", state, id);
  }

  static void again(Handle handle, String id, long dueMillis) {
    handle.execute("UPDATE payment_event SET due_millis = ? WHERE id = ?", dueMillis, id);
  }
}
