package dev.gatewright.account;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// SQL of what a member is, for features that decide on it under the organization's lock.
public final class StandingStore {
  private StandingStore() {}

  /// Empty when the person is no member (any more).
  public static Optional<Standing> find(Handle handle, String organizationId, String personId) {
    Optional<String> role =
        handle
            .createQuery(
                """
                SELECT role FROM membership
                WHERE organization_id = :organizationId AND person_id = :personId\
                """)
            .bind("organizationId", organizationId)
            .bind("personId", personId)
            .mapTo(String.class)
            .findOne();
    return role.map(Role::of)
        .map(known -> new Standing(known, projects(handle, organizationId, personId)));
  }

  private static Set<String> projects(Handle handle, String organizationId, String personId) {
    return new HashSet<>(
        handle
            .createQuery(
                """
                SELECT project_id FROM project_grant
                WHERE organization_id = :organizationId AND person_id = :personId\
                """)
            .bind("organizationId", organizationId)
            .bind("personId", personId)
            .mapTo(String.class)
            .list());
  }

  /// Whether an organization has a project of this id.
  public static boolean hasProject(Handle handle, Tenant tenant) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM project
            WHERE organization_id = :organizationId AND id = :projectId
              AND deleted_millis IS NULL\
            """)
        .bind("organizationId", tenant.organizationId())
        .bind("projectId", tenant.projectId())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }
}
