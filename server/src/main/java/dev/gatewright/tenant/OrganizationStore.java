package dev.gatewright.tenant;

import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of organizations.
public final class OrganizationStore {
  private static final String COLUMNS =
      """
      o.id, o.name, o.state, o.platform_credentials, o.allow_unpriced, o.version, o.created_millis,
      o.deleted_millis, o.calendars\
      """;

  private OrganizationStore() {}

  /// An organization as somebody sees it.
  ///
  /// @param role that one's role there; null for who runs the platform
  record Seen(Organization organization, @Nullable Role role) {}

  /// An organization and how much it has.
  record Counted(Organization organization, long members, long projects) {}

  /// In whatever state, purged excepted.
  public static Optional<Organization> find(Handle handle, String id) {
    return handle
        .createQuery(
            "SELECT " + COLUMNS + " FROM organization o WHERE o.id = :id AND o.state <> 'purged'")
        .bind("id", id)
        .map((row, _) -> organization(row))
        .findOne();
  }

  /// When its days and weeks begin.
  public static Calendars calendars(Handle handle, String id) {
    return handle
        .createQuery("SELECT calendars FROM organization WHERE id = ?")
        .bind(0, id)
        .mapTo(String.class)
        .findOne()
        .map(Calendars::parse)
        .orElse(Calendars.UTC);
  }

  /// The same with its oldest project, deleted or not: where the audit chain says that what
  /// concerns the whole of it belongs.
  public static Optional<Tenant> tenant(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT p.organization_id, p.id FROM project p
            JOIN organization o ON o.id = p.organization_id
            WHERE o.id = :id AND o.state <> 'purged'
            ORDER BY p.deleted_millis IS NOT NULL, p.created_millis, p.id LIMIT 1\
            """)
        .bind("id", id)
        .map((row, _) -> new Tenant(row.getString(1), row.getString(2)))
        .findOne();
  }

  /// Those of a person, by id; of what is being deleted only what the person could restore.
  ///
  /// @param after the last id of the page before; empty for the first page
  static List<Seen> ofPerson(Handle handle, String personId, String after, int rowsMax) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                , m.role FROM membership m JOIN organization o ON o.id = m.organization_id
                WHERE m.person_id = :personId AND m.organization_id > :after
                  AND (o.state = 'active' OR (o.state = 'deleting' AND m.role = 'owner'))
                ORDER BY m.organization_id LIMIT :max\
                """)
        .bind("personId", personId)
        .bind("after", after)
        .bind("max", rowsMax)
        .map((row, _) -> new Seen(organization(row), Role.of(row.getString("role"))))
        .list();
  }

  /// All there are, by id.
  ///
  /// @param state null = every state
  static List<Counted> all(
      Handle handle, Organization.@Nullable State state, String after, int rowsMax) {
    Query query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + """
                    ,
                      (SELECT COUNT(*) FROM membership m WHERE m.organization_id = o.id) AS members,
                      (SELECT COUNT(*) FROM project p
                       WHERE p.organization_id = o.id AND p.deleted_millis IS NULL) AS projects
                    FROM organization o
                    WHERE o.id > :after AND o.state <> 'purged'\
                    """
                    + (state == null ? "" : " AND o.state = :state")
                    + " ORDER BY o.id LIMIT :max")
            .bind("after", after)
            .bind("max", rowsMax);
    if (state != null) {
      query.bind("state", state.word());
    }
    return query
        .map((row, _) ->
            new Counted(organization(row), row.getLong("members"), row.getLong("projects")))
        .list();
  }

  /// How many a person owns.
  static long owned(Handle handle, String personId) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM membership m JOIN organization o ON o.id = m.organization_id
            WHERE m.person_id = :personId AND m.role = 'owner' AND o.state <> 'purged'\
            """)
        .bind("personId", personId)
        .mapTo(Long.class)
        .one();
  }

  /// Writes over what was read.
  public static void update(Handle handle, Organization organization) {
    int written =
        handle
            .createUpdate(
                """
                UPDATE organization SET
                  name = :name, state = :state, platform_credentials = :platformCredentials,
                  allow_unpriced = :allowUnpriced,
                  deleted_millis = :deleted, calendars = :calendars, version = version + 1
                WHERE id = :id AND version = :version\
                """)
            .bind("name", organization.name())
            .bind("state", organization.state().word())
            .bind("platformCredentials", organization.platformCredentials() ? 1L : 0L)
            .bind("allowUnpriced", Allowance.stored(organization.allowUnpriced()))
            .bind("deleted", organization.deletedMillis())
            .bind("calendars", organization.calendars().text())
            .bind("id", organization.id())
            .bind("version", organization.version())
            .execute();
    if (written != 1) {
      throw new IllegalStateException(
          "organization %s was changed by who does not wait".formatted(organization.id()));
    }
  }

  private static @Nullable Long allowance(ResultSet row) throws SQLException {
    long word = row.getLong(Allowance.FIELD);
    return row.wasNull() ? null : (Long) word;
  }

  private static Organization organization(ResultSet row) throws SQLException {
    long deleted = row.getLong("deleted_millis");
    boolean none = row.wasNull();
    return new Organization(
        row.getString("id"),
        row.getString("name"),
        Objects.requireNonNull(Organization.State.of(row.getString("state"))),
        row.getLong("platform_credentials") == 1,
        Allowance.said(allowance(row)),
        row.getLong("version"),
        row.getLong("created_millis"),
        none ? null : (Long) deleted,
        Calendars.parse(row.getString("calendars")));
  }
}
