package dev.gatewright.store.change;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of the change feed.
final class ChangeStore {
  static final String CHANNEL = "gatewright_change";

  private ChangeStore() {}

  /// Takes the next number. The row stays locked until the commit, so numbers become visible in
  /// their order and a reader never sees one before a smaller one.
  static long append(
      Handle handle, String kind, @Nullable String organizationId, String id, long nowMillis) {
    long seq =
        handle
            .createQuery("UPDATE change_head SET seq = seq + 1 WHERE id = 1 RETURNING seq")
            .mapTo(Long.class)
            .one();
    handle
        .createUpdate(
            """
            INSERT INTO change (seq, kind, organization_id, id, at_millis)
            VALUES (:seq, :kind, :organizationId, :id, :now)\
            """)
        .bind("seq", seq)
        .bind("kind", kind)
        .bind("organizationId", organizationId)
        .bind("id", id)
        .bind("now", nowMillis)
        .execute();
    return seq;
  }

  /// Wakes the other replicas when the transaction commits; only PostgreSQL can.
  static void nudge(Handle handle, long seq) {
    handle
        .createQuery("SELECT pg_notify(?, ?)")
        .bind(0, CHANNEL)
        .bind(1, "" + seq)
        .mapToMap()
        .one();
  }

  static long head(Handle handle) {
    return handle.createQuery("SELECT seq FROM change_head WHERE id = 1").mapTo(Long.class).one();
  }

  static List<Change> after(Handle handle, long seq, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT seq, kind, organization_id, id FROM change
            WHERE seq > :seq ORDER BY seq LIMIT :max\
            """)
        .bind("seq", seq)
        .bind("max", rowsMax)
        .map((row, _) ->
            new Change(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)))
        .list();
  }

  static int trim(Handle handle, long upToSeq) {
    return handle.execute("DELETE FROM change WHERE seq <= ?", upToSeq);
  }
}
