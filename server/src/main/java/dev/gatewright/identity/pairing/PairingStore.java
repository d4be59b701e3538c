package dev.gatewright.identity.pairing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of pairings. They belong to no tenant until somebody approves one.
final class PairingStore {
  private static final int CLEARED_MAX = 100;

  private static final String PAIRING =
      """
      SELECT id, host, address, site, state, person_id, session_id, organization_id, polled_millis,
        interval_seconds, created_millis, expires_millis
      FROM pairing WHERE \
      """;

  private PairingStore() {}

  /// @return false when one of the codes is taken
  static boolean insert(Handle handle, Pairing fresh, String deviceMac, String userMac) {
    handle
        .createUpdate(
            """
            DELETE FROM pairing WHERE id IN
              (SELECT id FROM pairing WHERE expires_millis <= :now
               ORDER BY expires_millis LIMIT :rows)\
            """)
        .bind("now", fresh.createdMillis())
        .bind("rows", CLEARED_MAX)
        .execute();
    return handle
            .createUpdate(
                """
                INSERT INTO pairing
                  (id, device_mac, user_mac, host, address, site, state, polled_millis, interval_seconds,
                   created_millis, expires_millis)
                VALUES (:id, :device, :user, :host, :address, :site, 'open', :now, :interval, :now, :expires)
                ON CONFLICT DO NOTHING\
                """)
            .bind("id", fresh.id())
            .bind("device", deviceMac)
            .bind("user", userMac)
            .bind("host", fresh.host())
            .bind("address", fresh.address())
            .bind("site", fresh.site())
            .bind("interval", fresh.intervalSeconds())
            .bind("now", fresh.createdMillis())
            .bind("expires", fresh.expiresMillis())
            .execute()
        == 1;
  }

  /// Whatever became of it, until its time is over.
  static Optional<Pairing> byDevice(Handle handle, String deviceMac, long nowMillis) {
    return find(handle, "device_mac", deviceMac, nowMillis);
  }

  static Optional<Pairing> byUser(Handle handle, String userMac, long nowMillis) {
    return find(handle, "user_mac", userMac, nowMillis);
  }

  private static Optional<Pairing> find(Handle handle, String column, String mac, long nowMillis) {
    return handle
        .createQuery(PAIRING + column + " = :mac AND expires_millis > :now")
        .bind("mac", mac)
        .bind("now", nowMillis)
        .map((row, _) -> pairing(row))
        .findOne();
  }

  static void polled(Handle handle, String id, long intervalSeconds, long nowMillis) {
    handle
        .createUpdate(
            """
            UPDATE pairing SET polled_millis = :now, interval_seconds = :interval WHERE id = :id\
            """)
        .bind("now", nowMillis)
        .bind("interval", intervalSeconds)
        .bind("id", id)
        .execute();
  }

  /// True for one caller ever.
  static boolean approve(
      Handle handle, String id, String personId, String sessionId, String organizationId) {
    return handle
            .createUpdate(
                """
                UPDATE pairing
                SET state = 'approved', person_id = :person, session_id = :session,
                  organization_id = :organization
                WHERE id = :id AND state = 'open'\
                """)
            .bind("person", personId)
            .bind("session", sessionId)
            .bind("organization", organizationId)
            .bind("id", id)
            .execute()
        == 1;
  }

  /// True for one caller ever.
  static boolean end(Handle handle, String id, Pairing.State from, Pairing.State to) {
    return handle
            .createUpdate("UPDATE pairing SET state = :to WHERE id = :id AND state = :from")
            .bind("to", word(to))
            .bind("from", word(from))
            .bind("id", id)
            .execute()
        == 1;
  }

  private static String word(Pairing.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Pairing pairing(ResultSet row) throws SQLException {
    return new Pairing(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        Pairing.State.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12));
  }
}
