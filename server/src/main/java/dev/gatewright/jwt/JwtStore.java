package dev.gatewright.jwt;

import dev.gatewright.account.Tenant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of where a token's holder belongs.
final class JwtStore {
  private JwtStore() {}

  /// The project if it is the organization's and both are there.
  static Optional<Tenant> project(Handle handle, Tenant tenant) {
    return handle
        .createQuery(
            """
            SELECT p.organization_id, p.id FROM project p
            JOIN organization o ON o.id = p.organization_id
            WHERE p.organization_id = :organizationId AND p.id = :projectId
              AND p.deleted_millis IS NULL AND o.deleted_millis IS NULL\
            """)
        .bind("organizationId", tenant.organizationId())
        .bind("projectId", tenant.projectId())
        .map((row, _) -> new Tenant(row.getString(1), row.getString(2)))
        .findOne();
  }
}
