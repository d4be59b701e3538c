package dev.gatewright.tenant.team;

import dev.gatewright.account.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of an organization's members, as its team sees them.
final class TeamStore {
  private static final String SELECT =
      """
      SELECT m.person_id, p.email, m.role, m.version, m.created_millis,
        (SELECT string_agg(g.project_id, ' ') FROM project_grant g
         WHERE g.organization_id = m.organization_id AND g.person_id = m.person_id) AS projects
      FROM membership m JOIN person p ON p.id = m.person_id
      WHERE m.organization_id = :organizationId\
      """;

  private TeamStore() {}

  static Optional<TeamMember> find(Handle handle, String organizationId, String personId) {
    return handle
        .createQuery(SELECT + " AND m.person_id = :personId")
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .map((row, _) -> member(row))
        .findOne();
  }

  /// Who sees only some of the others.
  ///
  /// @param projects who has to do with one of these is seen
  record Eyes(String personId, Set<String> projects) {}

  /// By id, which is the order in which people came to this gate.
  ///
  /// @param eyes whose; null = of who sees everybody
  /// @param after the last id of the page before; empty for the first page
  static List<TeamMember> list(
      Handle handle, String organizationId, @Nullable Eyes eyes, String after, int rowsMax) {
    Query query =
        handle
            .createQuery(
                SELECT
                    + " AND m.person_id > :after"
                    + (eyes == null ? "" : seen(eyes))
                    + " ORDER BY m.person_id LIMIT :max")
            .bind("organizationId", organizationId)
            .bind("after", after)
            .bind("max", rowsMax);
    if (eyes != null) {
      query.bind("self", eyes.personId());
    }
    if (eyes != null && !eyes.projects().isEmpty()) {
      query.bindList("shared", List.copyOf(eyes.projects()));
    }
    return query.map((row, _) -> member(row)).list();
  }

  private static String seen(Eyes eyes) {
    return eyes.projects().isEmpty()
        ? " AND (m.person_id = :self OR m.role IN ('owner', 'admin', 'viewer'))"
        : """
         AND (m.person_id = :self OR m.role IN ('owner', 'admin', 'viewer')
          OR EXISTS (SELECT 1 FROM project_grant s
            WHERE s.organization_id = m.organization_id AND s.person_id = m.person_id
              AND s.project_id IN (<shared>)))\
        """;
  }

  /// How many people own it who may sign in.
  static long owners(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organization_id = :organizationId AND m.role = 'owner'
              AND p.state = 'active' AND p.deleted_millis IS NULL\
            """)
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .one();
  }

  /// Some of them, longest here first.
  static List<String> ownerIds(Handle handle, String organizationId, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT m.person_id FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organization_id = :organizationId AND m.role = 'owner'
              AND p.state = 'active' AND p.deleted_millis IS NULL
            ORDER BY m.created_millis, m.person_id LIMIT :max\
            """)
        .bind("organizationId", organizationId)
        .bind("max", rowsMax)
        .mapTo(String.class)
        .list();
  }

  /// Whether somebody with this address belongs to it.
  static boolean hasAddress(Handle handle, String organizationId, String emailKey) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM person p JOIN membership m ON m.person_id = p.id
            WHERE p.email_key = :emailKey AND p.deleted_millis IS NULL
              AND m.organization_id = :organizationId\
            """)
        .bind("emailKey", emailKey)
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /// Writes role and grants over what was read.
  static void update(Handle handle, String organizationId, TeamMember member) {
    int written =
        handle
            .createUpdate(
                """
                UPDATE membership SET role = :role, version = version + 1
                WHERE organization_id = :organizationId AND person_id = :personId
                  AND version = :version\
                """)
            .bind("role", member.role().word())
            .bind("organizationId", organizationId)
            .bind("personId", member.personId())
            .bind("version", member.version())
            .execute();
    if (written != 1) {
      throw new IllegalStateException(
          "member %s was changed by who does not wait".formatted(member.personId()));
    }
    ungrant(handle, organizationId, member.personId());
    for (String project : member.projects().stream().sorted().toList()) {
      handle
          .createUpdate(
              """
              INSERT INTO project_grant (organization_id, project_id, person_id)
              VALUES (:organizationId, :project, :personId)\
              """)
          .bind("organizationId", organizationId)
          .bind("project", project)
          .bind("personId", member.personId())
          .execute();
    }
  }

  static void delete(Handle handle, String organizationId, String personId) {
    ungrant(handle, organizationId, personId);
    handle
        .createUpdate(
            """
            DELETE FROM membership
            WHERE organization_id = :organizationId AND person_id = :personId\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .execute();
  }

  private static void ungrant(Handle handle, String organizationId, String personId) {
    handle
        .createUpdate(
            """
            DELETE FROM project_grant
            WHERE organization_id = :organizationId AND person_id = :personId\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .execute();
  }

  private static TeamMember member(ResultSet row) throws SQLException {
    String projects = row.getString("projects");
    return new TeamMember(
        row.getString("person_id"),
        row.getString("email"),
        Objects.requireNonNull(Role.of(row.getString("role"))),
        projects == null ? Set.of() : Set.of(projects.split(" ")),
        row.getLong("version"),
        row.getLong("created_millis"));
  }
}
