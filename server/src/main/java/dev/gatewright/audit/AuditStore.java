package dev.gatewright.audit;

import dev.gatewright.account.Tenant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of the audit chain.
final class AuditStore {
  private AuditStore() {}

  /// Where an organization's chain ends.
  record Head(long seq, String hash) {}

  /// Takes the next place. The head's row stays locked until the commit, so links are appended one
  /// after the other, also by several replicas.
  static Head take(Handle handle, String organizationId) {
    handle
        .createUpdate(
            """
            INSERT INTO audit_head (organization_id, seq, hash)
            VALUES (:organizationId, 0, '') ON CONFLICT (organization_id) DO NOTHING\
            """)
        .bind("organizationId", organizationId)
        .execute();
    return handle
        .createQuery(
            """
            UPDATE audit_head SET seq = seq + 1 WHERE organization_id = :organizationId
            RETURNING seq, hash\
            """)
        .bind("organizationId", organizationId)
        .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
        .one();
  }

  static void append(Handle handle, AuditEntry entry) {
    handle
        .createUpdate(
            """
            INSERT INTO audit_entry
              (organization_id, seq, project_id, at_millis, actor, action, subject, detail, hash)
            VALUES (:organizationId, :seq, :projectId, :at, :actor, :action, :subject, :detail, :hash)
            """)
        .bind("organizationId", entry.tenant().organizationId())
        .bind("seq", entry.seq())
        .bind("projectId", entry.tenant().projectId())
        .bind("at", entry.atMillis())
        .bind("actor", entry.actor())
        .bind("action", entry.action())
        .bind("subject", entry.subject())
        .bind("detail", entry.detail())
        .bind("hash", entry.hash())
        .execute();
    handle
        .createUpdate("UPDATE audit_head SET hash = :hash WHERE organization_id = :organizationId")
        .bind("hash", entry.hash())
        .bind("organizationId", entry.tenant().organizationId())
        .execute();
  }

  static Optional<Head> head(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT seq, hash FROM audit_head WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
        .findOne();
  }

  /// Links after `seq`, in order.
  static List<AuditEntry> after(Handle handle, String organizationId, long seq, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT project_id, seq, at_millis, actor, action, subject, detail, hash
            FROM audit_entry WHERE organization_id = :organizationId AND seq > :seq
            ORDER BY seq LIMIT :max\
            """)
        .bind("organizationId", organizationId)
        .bind("seq", seq)
        .bind("max", rowsMax)
        .map((row, _) ->
            new AuditEntry(
                new Tenant(organizationId, row.getString(1)),
                row.getLong(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8)))
        .list();
  }
}
