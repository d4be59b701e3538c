package dev.gatewright.account;

import dev.gatewright.id.Ids;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// SQL of organizations and projects.
public final class AccountStore {
  private AccountStore() {}

  /// The platform owner's organization and its first project.
  ///
  /// @param made this very transaction made them; false when an earlier start or another replica
  ///   did
  public record First(Tenant tenant, boolean made) {}

  /// Makes the first organization and project, exactly once however many processes start together:
  /// the row of `first_start` is won by one; the others wait for its commit and read it.
  public static First first(Handle handle, long nowMillis) {
    Tenant mine = new Tenant(Ids.uuid7("org_", nowMillis), Ids.uuid7("prj_", nowMillis));
    int won =
        handle
            .createUpdate(
                """
                INSERT INTO first_start (id, organization_id, project_id, at_millis)
                VALUES (1, :organizationId, :projectId, :now) ON CONFLICT (id) DO NOTHING\
                """)
            .bind("organizationId", mine.organizationId())
            .bind("projectId", mine.projectId())
            .bind("now", nowMillis)
            .execute();
    if (won == 1) {
      insertOrganization(handle, mine.organizationId(), "Default organization", true, nowMillis);
      insertProject(handle, mine, "Default project", nowMillis);
      return new First(mine, true);
    }
    return new First(platform(handle).orElseThrow(), false);
  }

  /// The platform owner's organization and its first project, as an earlier start made them; empty
  /// when none has.
  public static Optional<Tenant> platform(Handle handle) {
    return handle
        .createQuery("SELECT organization_id, project_id FROM first_start WHERE id = 1")
        .map((row, _) -> new Tenant(row.getString(1), row.getString(2)))
        .findOne();
  }

  /// True for exactly one caller ever: whoever may make and show the first test key.
  public static boolean takeTestKey(Handle handle, long nowMillis) {
    return handle
            .createUpdate(
                """
                UPDATE first_start SET test_key_millis = :now
                WHERE id = 1 AND test_key_millis IS NULL\
                """)
            .bind("now", nowMillis)
            .execute()
        == 1;
  }

  /// The oldest project of an organization; empty when there is no such organization.
  public static Optional<Tenant> firstProject(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT p.organization_id, p.id FROM project p
            JOIN organization o ON o.id = p.organization_id
            WHERE p.organization_id = :organizationId AND p.deleted_millis IS NULL
              AND o.deleted_millis IS NULL
            ORDER BY p.created_millis, p.id LIMIT 1\
            """)
        .bind("organizationId", organizationId)
        .map((row, _) -> new Tenant(row.getString(1), row.getString(2)))
        .findOne();
  }

  /// Every organization that is being deleted or was, whoever's: for authentication.
  static Set<String> closedOrganizations(Handle handle) {
    return Set.copyOf(
        handle
            .createQuery(
                """
                SELECT id FROM organization WHERE state <> 'active'\
                """)
            .mapTo(String.class)
            .list());
  }

  /// @param platformCredentials it may use the platform's own provider credentials
  public static void insertOrganization(
      Handle handle, String id, String name, boolean platformCredentials, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO organization (id, name, platform_credentials, created_millis)
            VALUES (:id, :name, :platformCredentials, :now)\
            """)
        .bind("id", id)
        .bind("name", name)
        .bind("platformCredentials", platformCredentials ? 1L : 0L)
        .bind("now", nowMillis)
        .execute();
  }

  /// @param tenant the organization, which exists, and the new project's id
  public static void insertProject(Handle handle, Tenant tenant, String name, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO project (id, organization_id, name, created_millis)
            VALUES (:id, :organizationId, :name, :now)\
            """)
        .bind("id", tenant.projectId())
        .bind("organizationId", tenant.organizationId())
        .bind("name", name)
        .bind("now", nowMillis)
        .execute();
  }
}
