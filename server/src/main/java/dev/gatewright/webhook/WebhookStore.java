package dev.gatewright.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// SQL of webhooks. Each method is confined to one organization.
final class WebhookStore {
  private static final String OWNED = " WHERE organization_id = :organization AND id = :id";

  private WebhookStore() {}

  static void insert(Handle handle, Webhook made) {
    bound(
            handle.createUpdate(
                """
                INSERT INTO webhook (organization_id, id, url, note, events, secret, old_secret,
                  old_until_millis, state, failing_since_millis, created_by, created_millis,
                  version)
                VALUES (:organization, :id, :url, :note, :events, :secret, :oldSecret,
                  :oldUntil, :state, :failing, :createdBy, :created, 1)\
                """),
            made)
        .bind("createdBy", made.createdBy())
        .bind("created", made.createdMillis())
        .execute();
  }

  /// Writes what may change of it; the version grows by one.
  static void update(Handle handle, Webhook now) {
    bound(
            handle.createUpdate(
                """
                UPDATE webhook SET url = :url, note = :note, events = :events, secret = :secret,
                  old_secret = :oldSecret, old_until_millis = :oldUntil, state = :state,
                  failing_since_millis = :failing, version = version + 1\
                """
                    + OWNED),
            now)
        .execute();
  }

  private static Update bound(Update update, Webhook webhook) {
    return update
        .bind("organization", webhook.organizationId())
        .bind("id", webhook.id())
        .bind("url", webhook.url())
        .bind("note", webhook.note())
        .bind("events", String.join("\n", webhook.events()))
        .bind("secret", webhook.secret())
        .bind("oldSecret", webhook.oldSecret())
        .bind("oldUntil", webhook.oldUntilMillis())
        .bind("state", webhook.state().word())
        .bind("failing", webhook.failingSinceMillis());
  }

  static boolean delete(Handle handle, String organizationId, String id) {
    return handle.execute(
            "DELETE FROM webhook WHERE organization_id = ? AND id = ?", organizationId, id)
        == 1;
  }

  /// The state of its receiver alone: nobody who edits it need see that again.
  ///
  /// @return false when it stood so already
  static boolean failing(Handle handle, String organizationId, String id, long sinceMillis) {
    return handle.execute(
            """
            UPDATE webhook SET failing_since_millis = ?
            WHERE organization_id = ? AND id = ? AND state = 'enabled'
              AND (failing_since_millis = 0) <> (? = 0)\
            """,
            sinceMillis,
            organizationId,
            id,
            sinceMillis)
        == 1;
  }

  /// The gate disables it; false when somebody was first.
  static boolean giveUp(Handle handle, String organizationId, String id) {
    return handle.execute(
            """
            UPDATE webhook SET state = 'failing', version = version + 1
            WHERE organization_id = ? AND id = ? AND state = 'enabled'\
            """,
            organizationId,
            id)
        == 1;
  }

  static Optional<Webhook> find(Handle handle, String organizationId, String id) {
    return all(handle, organizationId).stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /// All, oldest first; there are [Webhook#WEBHOOKS_MAX] at most.
  static List<Webhook> all(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT organization_id, id, url, note, events, secret, old_secret, old_until_millis,
              state, failing_since_millis, created_by, created_millis, version
            FROM webhook WHERE organization_id = :organization ORDER BY id\
            """)
        .bind("organization", organizationId)
        .map((row, _) -> webhook(row))
        .list();
  }

  private static Webhook webhook(ResultSet row) throws SQLException {
    return new Webhook(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        List.of(row.getString(5).split("\n", -1)),
        row.getString(6),
        row.getString(7),
        row.getLong(8),
        Webhook.State.of(row.getString(9)),
        row.getLong(10),
        row.getString(11),
        row.getLong(12),
        row.getLong(13));
  }
}
