package dev.gatewright.credential;

import dev.gatewright.account.Tenant;
import dev.gatewright.credential.ProjectCredentials.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of stored credentials. Each method is confined to one organization.
public final class CredentialStore {
  /// An organization has no more of them.
  public static final int CREDENTIALS_MAX = 500;

  private static final String COLUMNS =
      """
      id, organization_id, project_id, name, kind, provider, origin, sealed, last4, fingerprint,
      shelf, created_by, created_millis, secret_millis, version\
      """;

  private CredentialStore() {}

  public static void insert(Handle handle, Credential made) {
    handle
        .createUpdate(
            """
            INSERT INTO credential (id, organization_id, project_id, name, kind, provider, origin,
              sealed, last4, fingerprint, shelf, created_by, created_millis, secret_millis, version)
            VALUES (:id, :organization, :project, :name, :kind, :provider, :origin,
              :sealed, :last4, :fingerprint, :shelf, :createdBy, :created, :secret, :version)\
            """)
        .bind("id", made.id())
        .bind("organization", made.organizationId())
        .bind("project", owner(made.projectId()))
        .bind("name", made.name())
        .bind("kind", made.kind().word())
        .bind("provider", made.provider())
        .bind("origin", made.origin())
        .bind("sealed", made.sealed())
        .bind("last4", made.last4())
        .bind("fingerprint", made.fingerprint())
        .bind("shelf", made.shelf())
        .bind("createdBy", made.createdBy())
        .bind("created", made.createdMillis())
        .bind("secret", made.secretMillis())
        .bind("version", made.version())
        .execute();
  }

  /// Writes what may change of it; the version grows by one.
  public static void update(Handle handle, Credential now) {
    handle
        .createUpdate(
            """
            UPDATE credential SET name = :name, origin = :origin, sealed = :sealed, last4 = :last4,
              fingerprint = :fingerprint, shelf = :shelf, secret_millis = :secret,
              version = version + 1
            WHERE organization_id = :organization AND id = :id\
            """)
        .bind("organization", now.organizationId())
        .bind("id", now.id())
        .bind("name", now.name())
        .bind("origin", now.origin())
        .bind("sealed", now.sealed())
        .bind("last4", now.last4())
        .bind("fingerprint", now.fingerprint())
        .bind("shelf", now.shelf())
        .bind("secret", now.secretMillis())
        .execute();
  }

  public static void delete(Handle handle, String organizationId, String id) {
    handle
        .createUpdate("DELETE FROM credential WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", id)
        .execute();
  }

  public static Optional<Credential> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM credential WHERE organization_id = :organization AND id = :id")
        .bind("organization", organizationId)
        .bind("id", id)
        .map((row, _) -> credential(row))
        .findOne();
  }

  /// The one that is stored for this place already.
  public static Optional<Credential> at(
      Handle handle, String organizationId, @Nullable String projectId, Place place) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM credential
                WHERE organization_id = :organization AND project_id = :project
                  AND kind = :kind AND provider = :provider\
                """)
        .bind("organization", organizationId)
        .bind("project", owner(projectId))
        .bind("kind", place.kind().word())
        .bind("provider", place.provider())
        .map((row, _) -> credential(row))
        .findOne();
  }

  public static long count(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT COUNT(*) FROM credential WHERE organization_id = :organization")
        .bind("organization", organizationId)
        .mapTo(Long.class)
        .one();
  }

  /// All of an organization, newest first; there are [#CREDENTIALS_MAX] at most.
  public static List<Credential> all(Handle handle, String organizationId) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM credential WHERE organization_id = :organization ORDER BY id DESC LIMIT "
                + CREDENTIALS_MAX)
        .bind("organization", organizationId)
        .map((row, _) -> credential(row))
        .list();
  }

  /// Whether the organization has this project.
  public static boolean hasProject(Handle handle, Tenant tenant) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM project
            WHERE organization_id = :organization AND id = :project AND deleted_millis IS NULL\
            """)
        .bind("organization", tenant.organizationId())
        .bind("project", tenant.projectId())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// What a project may pay with; a project or an organization that is not there may not pay.
  static ProjectCredentials view(Handle handle, Tenant tenant) {
    String organization = tenant.organizationId();
    Map<Place, Credential> own = new HashMap<>();
    Map<Place, Credential> shared = new HashMap<>();
    handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM credential
                WHERE organization_id = :organization AND project_id IN ('', :project)\
                """)
        .bind("organization", organization)
        .bind("project", tenant.projectId())
        .map((row, _) -> credential(row))
        .forEach(each ->
            (each.projectId() == null ? shared : own)
                .put(new Place(each.kind(), each.provider()), each));
    return handle
        .createQuery(
            """
            SELECT p.mode, o.platform_credentials, p.allow_unpriced, o.allow_unpriced
            FROM project p
            JOIN organization o ON o.id = p.organization_id
            WHERE p.organization_id = :organization AND p.id = :project
              AND p.deleted_millis IS NULL AND o.deleted_millis IS NULL\
            """)
        .bind("organization", organization)
        .bind("project", tenant.projectId())
        .map((row, _) ->
            new ProjectCredentials(
                mode(row.getString(1)),
                row.getLong(2) == 1,
                new ProjectCredentials.Said(said(row, 3), said(row, 4)),
                own,
                shared))
        .findOne()
        .orElseGet(() ->
            new ProjectCredentials(
                PaymentMode.API_KEYS, false, ProjectCredentials.Said.NOTHING, Map.of(), Map.of()));
  }

  private static @Nullable Boolean said(ResultSet row, int column) throws SQLException {
    long word = row.getLong(column);
    return row.wasNull() ? null : (Boolean) (word == 1);
  }

  private static PaymentMode mode(String word) {
    PaymentMode mode = PaymentMode.of(word);
    if (mode == null) {
      throw new IllegalStateException("a stored mode cannot be read: " + word);
    }
    return mode;
  }

  private static String owner(@Nullable String projectId) {
    return projectId == null ? "" : projectId;
  }

  private static Credential credential(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    CredentialKind known = CredentialKind.of(kind);
    if (known == null) {
      throw new IllegalStateException("a stored kind of credential cannot be read: " + kind);
    }
    String project = row.getString("project_id");
    return new Credential(
        row.getString("id"),
        row.getString("organization_id"),
        project.isEmpty() ? null : project,
        row.getString("name"),
        known,
        row.getString("provider"),
        row.getString("origin"),
        row.getString("sealed"),
        row.getString("last4"),
        row.getString("fingerprint"),
        row.getString("shelf"),
        row.getString("created_by"),
        row.getLong("created_millis"),
        row.getLong("secret_millis"),
        row.getLong("version"));
  }
}
