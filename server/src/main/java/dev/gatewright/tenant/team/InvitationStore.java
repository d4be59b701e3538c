package dev.gatewright.tenant.team;

import dev.gatewright.account.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of invitations. Only [#byMac] and [#invited] take no organization: they serve people who do
/// not belong to it yet.
public final class InvitationStore {
  private static final String SELECT =
      """
      SELECT id, organization_id, email, email_key, role, projects, state, invited_by, version,
        created_millis, expires_millis, person_id FROM invitation
      """;

  private InvitationStore() {}

  static void insert(Handle handle, Invitation invitation, String tokenMac) {
    handle
        .createUpdate(
            """
            INSERT INTO invitation
              (id, organization_id, email, email_key, role, projects, token_mac, state, invited_by,
               version, created_millis, expires_millis)
            VALUES
              (:id, :organizationId, :email, :emailKey, :role, :projects, :mac, :state, :invitedBy,
               :version, :created, :expires)\
            """)
        .bind("id", invitation.id())
        .bind("organizationId", invitation.organizationId())
        .bind("email", invitation.email())
        .bind("emailKey", invitation.emailKey())
        .bind("role", invitation.role().word())
        .bind("projects", String.join(" ", invitation.projects()))
        .bind("mac", tokenMac)
        .bind("state", invitation.state().word())
        .bind("invitedBy", invitation.invitedBy())
        .bind("version", invitation.version())
        .bind("created", invitation.createdMillis())
        .bind("expires", invitation.expiresMillis())
        .execute();
  }

  /// Whoever's it is, in whatever state.
  static Optional<Invitation> byMac(Handle handle, String tokenMac) {
    return handle
        .createQuery(SELECT + "WHERE token_mac = :mac")
        .bind("mac", tokenMac)
        .map((row, _) -> invitation(row))
        .findOne();
  }

  /// Whether some organization waits for whoever has this address: then that one may sign in, where
  /// only the invited may.
  public static boolean invited(Handle handle, String emailKey, long nowMillis) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM invitation i JOIN organization o ON o.id = i.organization_id
            WHERE i.email_key = :emailKey AND i.state = 'open' AND i.expires_millis > :now
              AND o.state = 'active' LIMIT 1\
            """)
        .bind("emailKey", emailKey)
        .bind("now", nowMillis)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  static Optional<Invitation> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(SELECT + "WHERE organization_id = :organizationId AND id = :id")
        .bind("organizationId", organizationId)
        .bind("id", id)
        .map((row, _) -> invitation(row))
        .findOne();
  }

  /// The open one for an address, run out or not.
  static Optional<Invitation> openFor(Handle handle, String organizationId, String emailKey) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE organization_id = :organizationId AND email_key = :emailKey
                  AND state = 'open'\
                """)
        .bind("organizationId", organizationId)
        .bind("emailKey", emailKey)
        .map((row, _) -> invitation(row))
        .findOne();
  }

  /// By id, which is the order in which they were made.
  ///
  /// @param after the last id of the page before; empty for the first page
  static List<Invitation> list(
      Handle handle, String organizationId, Invitation.State state, String after, int rowsMax) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE organization_id = :organizationId AND state = :state AND id > :after
                ORDER BY id LIMIT :max\
                """)
        .bind("organizationId", organizationId)
        .bind("state", state.word())
        .bind("after", after)
        .bind("max", rowsMax)
        .map((row, _) -> invitation(row))
        .list();
  }

  static long countOpen(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM invitation
            WHERE organization_id = :organizationId AND state = 'open'\
            """)
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .one();
  }

  /// Ends an open one.
  ///
  /// @param personId who accepted it; null = nobody
  static void close(
      Handle handle, Invitation invitation, Invitation.State state, @Nullable String personId) {
    int written =
        handle
            .createUpdate(
                """
                UPDATE invitation SET state = :state, person_id = :personId, version = version + 1
                WHERE organization_id = :organizationId AND id = :id AND state = 'open'\
                """)
            .bind("state", state.word())
            .bind("personId", personId)
            .bind("organizationId", invitation.organizationId())
            .bind("id", invitation.id())
            .execute();
    if (written != 1) {
      throw new IllegalStateException(
          "invitation %s was closed by who does not wait".formatted(invitation.id()));
    }
  }

  private static Invitation invitation(ResultSet row) throws SQLException {
    String projects = row.getString("projects");
    return new Invitation(
        row.getString("id"),
        row.getString("organization_id"),
        row.getString("email"),
        row.getString("email_key"),
        Objects.requireNonNull(Role.of(row.getString("role"))),
        projects.isEmpty() ? Set.of() : Set.of(projects.split(" ")),
        Objects.requireNonNull(Invitation.State.of(row.getString("state"))),
        row.getString("invited_by"),
        row.getLong("version"),
        row.getLong("created_millis"),
        row.getLong("expires_millis"),
        row.getString("person_id"));
  }
}
