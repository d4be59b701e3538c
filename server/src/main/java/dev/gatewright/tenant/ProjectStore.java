package dev.gatewright.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of projects.
public final class ProjectStore {
  private static final String SELECT =
      "SELECT id, organization_id, name, mode, allow_unpriced, version, created_millis FROM project ";

  private ProjectStore() {}

  public static void insert(Handle handle, Project project) {
    handle
        .createUpdate(
            """
            INSERT INTO project (id, organization_id, name, mode, allow_unpriced, created_millis)
            VALUES (:id, :organizationId, :name, :mode, :allowUnpriced, :created)\
            """)
        .bind("id", project.id())
        .bind("organizationId", project.organizationId())
        .bind("name", project.name())
        .bind("mode", project.mode().word())
        .bind("allowUnpriced", Allowance.stored(project.allowUnpriced()))
        .bind("created", project.createdMillis())
        .execute();
  }

  /// A project that is not deleted.
  public static Optional<Project> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE organization_id = :organizationId AND id = :id AND deleted_millis IS NULL\
                """)
        .bind("organizationId", organizationId)
        .bind("id", id)
        .map((row, _) -> project(row))
        .findOne();
  }

  /// By id, which is the order in which they were made.
  ///
  /// @param only these and no others; null = all
  /// @param after the last id of the page before; empty for the first page
  static List<Project> list(
      Handle handle, String organizationId, @Nullable Set<String> only, String after, int rowsMax) {
    if (only != null && only.isEmpty()) {
      return List.of();
    }
    Query query =
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE organization_id = :organizationId AND id > :after
                      AND deleted_millis IS NULL\
                    """
                    + (only == null ? "" : " AND id IN (<only>)")
                    + " ORDER BY id LIMIT :max")
            .bind("organizationId", organizationId)
            .bind("after", after)
            .bind("max", rowsMax);
    if (only != null) {
      query.bindList("only", List.copyOf(only));
    }
    return query.map((row, _) -> project(row)).list();
  }

  /// Those of `ids` that the organization has.
  public static Set<String> present(Handle handle, String organizationId, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Set.of();
    }
    return new HashSet<>(
        handle
            .createQuery(
                """
                SELECT id FROM project
                WHERE organization_id = :organizationId AND id IN (<ids>)
                  AND deleted_millis IS NULL\
                """)
            .bind("organizationId", organizationId)
            .bindList("ids", List.copyOf(ids))
            .mapTo(String.class)
            .list());
  }

  static long count(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM project
            WHERE organization_id = :organizationId AND deleted_millis IS NULL\
            """)
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .one();
  }

  /// Whether a key that is not revoked belongs to it.
  static boolean hasKeys(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM api_key
            WHERE organization_id = :organizationId AND project_id = :id
              AND revoked_millis IS NULL LIMIT 1\
            """)
        .bind("organizationId", organizationId)
        .bind("id", id)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /// Writes over what was read.
  static void update(Handle handle, Project project) {
    int written =
        handle
            .createUpdate(
                """
                UPDATE project SET name = :name, mode = :mode, allow_unpriced = :allowUnpriced,
                  version = version + 1
                WHERE organization_id = :organizationId AND id = :id AND version = :version\
                """)
            .bind("name", project.name())
            .bind("mode", project.mode().word())
            .bind("allowUnpriced", Allowance.stored(project.allowUnpriced()))
            .bind("organizationId", project.organizationId())
            .bind("id", project.id())
            .bind("version", project.version())
            .execute();
    if (written != 1) {
      throw new IllegalStateException(
          "project %s was changed by who does not wait".formatted(project.id()));
    }
  }

  /// Its row stays, for what was counted and audited under its id; nobody has it any more.
  static void delete(Handle handle, Project project, long nowMillis) {
    handle
        .createUpdate(
            """
            DELETE FROM project_grant
            WHERE organization_id = :organizationId AND project_id = :id\
            """)
        .bind("organizationId", project.organizationId())
        .bind("id", project.id())
        .execute();
    handle
        .createUpdate(
            """
            UPDATE project SET deleted_millis = :now, version = version + 1
            WHERE organization_id = :organizationId AND id = :id\
            """)
        .bind("now", nowMillis)
        .bind("organizationId", project.organizationId())
        .bind("id", project.id())
        .execute();
  }

  private static @Nullable Long allowance(ResultSet row) throws SQLException {
    long word = row.getLong(Allowance.FIELD);
    return row.wasNull() ? null : (Long) word;
  }

  private static Project project(ResultSet row) throws SQLException {
    return new Project(
        row.getString("id"),
        row.getString("organization_id"),
        row.getString("name"),
        Objects.requireNonNull(Project.Mode.of(row.getString("mode"))),
        Allowance.said(allowance(row)),
        row.getLong("version"),
        row.getLong("created_millis"));
  }
}
