package dev.gatewright.tenant.migration;

import dev.gatewright.account.Tenant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of the names another gate had for what was taken over.
final class ImportStore {
  private ImportStore() {}

  /// The organization that is known by a name, whatever has become of it.
  static Optional<String> organization(Handle handle, String ref) {
    return handle
        .createQuery("SELECT id FROM organization WHERE import_ref = :ref")
        .bind("ref", ref)
        .mapTo(String.class)
        .findOne();
  }

  static void name(Handle handle, String organizationId, String ref) {
    handle
        .createUpdate("UPDATE organization SET import_ref = :ref WHERE id = :id")
        .bind("ref", ref)
        .bind("id", organizationId)
        .execute();
  }

  /// The project that is known by a name, deleted or not.
  static Optional<String> project(Handle handle, String organizationId, String ref) {
    return handle
        .createQuery(
            """
            SELECT id FROM project
            WHERE organization_id = :organizationId AND import_ref = :ref\
            """)
        .bind("organizationId", organizationId)
        .bind("ref", ref)
        .mapTo(String.class)
        .findOne();
  }

  static void name(Handle handle, Tenant tenant, String ref) {
    handle
        .createUpdate(
            """
            UPDATE project SET import_ref = :ref
            WHERE organization_id = :organizationId AND id = :id\
            """)
        .bind("ref", ref)
        .bind("organizationId", tenant.organizationId())
        .bind("id", tenant.projectId())
        .execute();
  }
}
