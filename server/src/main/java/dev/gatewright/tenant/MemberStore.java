package dev.gatewright.tenant;

import dev.gatewright.account.Member;
import dev.gatewright.account.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of memberships and of the projects granted to members.
public final class MemberStore {
  private static final String MEMBER =
      """
      SELECT m.organization_id, o.name, m.person_id, m.role, m.version,
        (SELECT p.id FROM project p
         WHERE p.organization_id = m.organization_id AND p.deleted_millis IS NULL
         ORDER BY p.created_millis, p.id LIMIT 1) AS first_project,
        (SELECT string_agg(g.project_id, ' ') FROM project_grant g
         WHERE g.organization_id = m.organization_id AND g.person_id = m.person_id) AS projects
      FROM membership m JOIN organization o ON o.id = m.organization_id
      """;

  private MemberStore() {}

  /// The places of a person in organizations that are not being deleted.
  static List<Member> of(Handle handle, String personId, int most) {
    return handle
        .createQuery(
            MEMBER
                + """
                WHERE m.person_id = :personId AND o.deleted_millis IS NULL
                ORDER BY o.name, o.id LIMIT :most\
                """)
        .bind("personId", personId)
        .bind("most", most)
        .map((row, _) -> member(row))
        .list();
  }

  /// The place of a person in an organization that is not being deleted.
  static Optional<Member> find(Handle handle, String organizationId, String personId) {
    return handle
        .createQuery(
            MEMBER
                + """
                WHERE m.organization_id = :organizationId AND m.person_id = :personId
                  AND o.deleted_millis IS NULL\
                """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .map((row, _) -> member(row))
        .findOne();
  }

  /// A person's role in an organization; null when there is none.
  public static @Nullable Role role(Handle handle, String organizationId, String personId) {
    return handle
        .createQuery(
            """
            SELECT role FROM membership
            WHERE organization_id = :organizationId AND person_id = :personId\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .map((row, _) -> known(row.getString(1)))
        .findOne()
        .orElse(null);
  }

  /// @param projects those granted, which the organization has
  public static void insert(
      Handle handle,
      String organizationId,
      String personId,
      Role role,
      Set<String> projects,
      long nowMillis) {
    insert(handle, organizationId, personId, role, "console", projects, nowMillis);
  }

  /// @param source who put it there: `console`, or an identity provider
  public static void insert(
      Handle handle,
      String organizationId,
      String personId,
      Role role,
      String source,
      Set<String> projects,
      long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO membership
              (organization_id, person_id, role, source, version, created_millis)
            VALUES (:organizationId, :personId, :role, :source, 1, :now)\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .bind("role", role.word())
        .bind("source", source)
        .bind("now", nowMillis)
        .execute();
    grant(handle, organizationId, personId, projects);
  }

  /// Who put a membership there; empty for none.
  public static String source(Handle handle, String organizationId, String personId) {
    return handle
        .createQuery(
            """
            SELECT source FROM membership
            WHERE organization_id = :organizationId AND person_id = :personId\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  private static void grant(
      Handle handle, String organizationId, String personId, Set<String> projects) {
    for (String project : projects.stream().sorted().toList()) {
      handle
          .createUpdate(
              """
              INSERT INTO project_grant (organization_id, project_id, person_id)
              VALUES (:organizationId, :project, :personId)\
              """)
          .bind("organizationId", organizationId)
          .bind("project", project)
          .bind("personId", personId)
          .execute();
    }
  }

  private static Role known(String word) {
    Role role = Role.of(word);
    if (role == null) {
      throw new IllegalStateException("a stored role cannot be read: " + word);
    }
    return role;
  }

  private static Member member(ResultSet row) throws SQLException {
    String projects = row.getString("projects");
    Set<String> granted =
        projects == null
            ? Set.of()
            : Arrays.stream(projects.split(" ")).collect(Collectors.toUnmodifiableSet());
    return new Member(
        row.getString("organization_id"),
        row.getString("name"),
        row.getString("first_project"),
        row.getString("person_id"),
        known(row.getString("role")),
        granted,
        row.getLong("version"));
  }
}
