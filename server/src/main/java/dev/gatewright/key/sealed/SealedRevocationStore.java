package dev.gatewright.key.sealed;

import dev.gatewright.account.Tenant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of revocations whose audit entries are owed.
final class SealedRevocationStore {
  private SealedRevocationStore() {}

  /// @param tenant the key's
  record Owed(String keyId, Tenant tenant, long atMillis, String address, String requestId) {}

  static void insert(Handle handle, Owed owed) {
    handle
        .createUpdate(
            """
            INSERT INTO key_sealed_revocation
              (key_id, organization_id, project_id, at_millis, address, request_id)
            VALUES (:keyId, :organizationId, :projectId, :at, :address, :requestId)
            ON CONFLICT (key_id) DO NOTHING\
            """)
        .bind("keyId", owed.keyId())
        .bind("organizationId", owed.tenant().organizationId())
        .bind("projectId", owed.tenant().projectId())
        .bind("at", owed.atMillis())
        .bind("address", owed.address())
        .bind("requestId", owed.requestId())
        .execute();
  }

  /// The oldest of any organization.
  static Optional<Owed> oldest(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT key_id, organization_id, project_id, at_millis, address, request_id
            FROM key_sealed_revocation ORDER BY at_millis, key_id LIMIT 1\
            """)
        .map((row, _) ->
            new Owed(
                row.getString(1),
                new Tenant(row.getString(2), row.getString(3)),
                row.getLong(4),
                row.getString(5),
                row.getString(6)))
        .findOne();
  }

  /// @return false when another process was faster
  static boolean delete(Handle handle, String organizationId, String keyId) {
    return handle
            .createUpdate(
                """
                DELETE FROM key_sealed_revocation
                WHERE key_id = :keyId AND organization_id = :organizationId\
                """)
            .bind("keyId", keyId)
            .bind("organizationId", organizationId)
            .execute()
        == 1;
  }
}
