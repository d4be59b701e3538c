package dev.gatewright.identity.session;

import dev.gatewright.account.SignedIn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of sessions. They belong to persons; whose a session is, is an argument wherever the caller
/// names one.
final class SessionStore {
  /// A number that changes whenever what the person may do does.
  private static final String STANDING =
      """
      p.version * 1000003 + p.operator + (SELECT COALESCE(SUM(m.version), 0) + COUNT(*) * 1009
        FROM membership m WHERE m.person_id = p.id)\
      """;

  private static final String SESSION =
      """
      SELECT s.*, p.email, p.operator, p.state, p.deleted_millis,
      """
          + STANDING
          + """
           AS now_standing
          FROM session s JOIN person p ON p.id = s.person_id
          """;

  private SessionStore() {}

  static long standing(Handle handle, String personId) {
    return handle
        .createQuery("SELECT " + STANDING + " FROM person p WHERE p.id = :id")
        .bind("id", personId)
        .mapTo(Long.class)
        .one();
  }

  /// @param session its standing is what is written; of its person the id alone
  static void insert(Handle handle, Session session) {
    SignedIn.Acting acting = session.acting();
    handle
        .createUpdate(
            """
            INSERT INTO session
              (id, person_id, mac, standing, created_millis, seen_millis, proved_millis,
               rotated_millis, address, agent, parent_id, acting_organization_id, acting_reason,
               acting_write, acting_until_millis, until_millis)
            VALUES
              (:id, :personId, :mac, :standing, :created, :created, :proved, :created, :address,
               :agent, :parentId, :organizationId, :reason, :write, :until, :ends)\
            """)
        .bind("id", session.id())
        .bind("personId", session.personId())
        .bind("mac", session.mac())
        .bind("standing", session.standing())
        .bind("created", session.createdMillis())
        .bind("proved", session.provedMillis())
        .bind("address", session.address())
        .bind("agent", session.agent())
        .bind("parentId", session.parentId())
        .bind("organizationId", acting == null ? null : acting.organizationId())
        .bind("reason", acting == null ? null : acting.reason())
        .bind("write", acting == null ? null : (Long) (acting.write() ? 1L : 0L))
        .bind("until", acting == null ? null : (Long) acting.untilMillis())
        .bind("ends", session.untilMillis())
        .execute();
  }

  /// The one whose token this is or was; the token itself says whose.
  static Optional<Session> byMac(Handle handle, String mac) {
    return handle
        .createQuery(SESSION + "WHERE s.mac = :mac OR s.previous_mac = :mac")
        .bind("mac", mac)
        .map((row, _) -> session(row))
        .findFirst();
  }

  static Optional<Session> byId(Handle handle, String id) {
    return handle
        .createQuery(SESSION + "WHERE s.id = :id")
        .bind("id", id)
        .map((row, _) -> session(row))
        .findOne();
  }

  /// A person's, newest first.
  static List<Session> of(Handle handle, String personId, int rowsMax) {
    return handle
        .createQuery(
            SESSION
                + """
                WHERE s.person_id = :personId ORDER BY s.created_millis DESC, s.id DESC LIMIT :max\
                """)
        .bind("personId", personId)
        .bind("max", rowsMax)
        .map((row, _) -> session(row))
        .list();
  }

  /// Removes a session and those that an operator began from it.
  ///
  /// @return the ids of what is gone
  static List<String> delete(Handle handle, String personId, String id) {
    return handle
        .createQuery(
            """
            DELETE FROM session
            WHERE person_id = :personId AND (id = :id OR parent_id = :id) RETURNING id\
            """)
        .bind("personId", personId)
        .bind("id", id)
        .mapTo(String.class)
        .list();
  }

  /// Gives it another token; false when somebody else did meanwhile.
  ///
  /// @param provedMillis when its person last proved to be it
  static boolean rotate(
      Handle handle, Session before, String mac, long provedMillis, long nowMillis) {
    return handle
            .createUpdate(
                """
                UPDATE session SET mac = :mac, previous_mac = :before,
                  previous_until_millis = :until, standing = :standing, proved_millis = :proved,
                  rotated_millis = :now, seen_millis = :now
                WHERE person_id = :personId AND id = :id AND mac = :before\
                """)
            .bind("mac", mac)
            .bind("before", before.mac())
            .bind("until", nowMillis + Session.OVERLAP.toMillis())
            .bind("standing", before.nowStanding())
            .bind("proved", provedMillis)
            .bind("now", nowMillis)
            .bind("personId", before.personId())
            .bind("id", before.id())
            .execute()
        == 1;
  }

  static void seen(Handle handle, String personId, String id, long nowMillis) {
    handle
        .createUpdate(
            """
            UPDATE session SET seen_millis = :now
            WHERE person_id = :personId AND id = :id AND seen_millis < :now\
            """)
        .bind("now", nowMillis)
        .bind("personId", personId)
        .bind("id", id)
        .execute();
  }

  /// Rows that ended by themselves, whatever their person is, go.
  static void clear(Handle handle, long createdBeforeMillis, long seenBeforeMillis, int rowsMax) {
    handle
        .createUpdate(
            """
            DELETE FROM session WHERE id IN
              (SELECT id FROM session
               WHERE created_millis < :created OR seen_millis < :seen LIMIT :rows)\
            """)
        .bind("created", createdBeforeMillis)
        .bind("seen", seenBeforeMillis)
        .bind("rows", rowsMax)
        .execute();
  }

  private static Session session(ResultSet row) throws SQLException {
    String previous = row.getString("previous_mac");
    return new Session(
        row.getString("id"),
        row.getString("person_id"),
        row.getString("email"),
        row.getLong("operator") == 1,
        row.getString("state").equals("active") && row.getString("deleted_millis") == null,
        row.getString("mac"),
        previous == null
            ? null
            : new Session.Previous(previous, row.getLong("previous_until_millis")),
        row.getLong("standing"),
        row.getLong("now_standing"),
        row.getLong("created_millis"),
        row.getLong("seen_millis"),
        row.getLong("proved_millis"),
        row.getLong("rotated_millis"),
        row.getString("address"),
        row.getString("agent"),
        row.getString("parent_id"),
        acting(row),
        until(row));
  }

  private static @Nullable Long until(ResultSet row) throws SQLException {
    long until = row.getLong("until_millis");
    return row.wasNull() ? null : (Long) until;
  }

  private static SignedIn.@Nullable Acting acting(ResultSet row) throws SQLException {
    String organization = row.getString("acting_organization_id");
    return organization == null
        ? null
        : new SignedIn.Acting(
            organization,
            row.getString("acting_reason"),
            row.getLong("acting_write") == 1,
            row.getLong("acting_until_millis"));
  }
}
