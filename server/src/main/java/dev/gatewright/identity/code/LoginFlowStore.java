package dev.gatewright.identity.code;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of requests for codes. No row holds a code, nor what tells a browser.
final class LoginFlowStore {
  private static final int CLEARED_MAX = 100;

  /// What may still be tried.
  private static final String OPEN =
      "kind = 'code' AND tries < 5 AND used_millis IS NULL AND expires_millis > :now";

  private static final String FLOW =
      "SELECT id, email, site, address, agent, expires_millis FROM login_flow WHERE ";

  private LoginFlowStore() {}

  /// The request of a browser for an address: the one that is there, tries and all, until its time
  /// is over.
  ///
  /// @param fresh what it is where there is none
  /// @return its id
  static String open(
      Handle handle, String browserMac, String keyMac, LoginFlow fresh, long nowMillis) {
    handle
        .createUpdate(
            """
            DELETE FROM login_flow WHERE id IN
              (SELECT id FROM login_flow WHERE expires_millis <= :now
               ORDER BY expires_millis LIMIT :rows)\
            """)
        .bind("now", nowMillis)
        .bind("rows", CLEARED_MAX)
        .execute();
    handle
        .createUpdate(
            """
            DELETE FROM login_flow
            WHERE browser_mac = :browser AND kind = 'code' AND key_mac = :key
              AND expires_millis <= :now\
            """)
        .bind("browser", browserMac)
        .bind("key", keyMac)
        .bind("now", nowMillis)
        .execute();
    return handle
        .createQuery(
            """
            INSERT INTO login_flow
              (id, kind, browser_mac, key_mac, email, site, address, agent, tries, sends, asked_millis,
               expires_millis)
            VALUES (:id, 'code', :browser, :key, :email, :site, :address, :agent, 0, 1, :now, :expires)
            ON CONFLICT (browser_mac, kind, key_mac)
            DO UPDATE SET sends = login_flow.sends + 1, asked_millis = excluded.asked_millis
            RETURNING id\
            """)
        .bind("id", fresh.id())
        .bind("browser", browserMac)
        .bind("key", keyMac)
        .bind("email", fresh.email())
        .bind("site", fresh.site())
        .bind("address", fresh.address())
        .bind("agent", fresh.agent())
        .bind("now", nowMillis)
        .bind("expires", fresh.expiresMillis())
        .mapTo(String.class)
        .one();
  }

  /// Takes one of the tries of a browser's request; empty when there is none left.
  static Optional<String> takeTry(Handle handle, String browserMac, String keyMac, long nowMillis) {
    return handle
        .createQuery(
            "UPDATE login_flow SET tries = tries + 1"
                + " WHERE browser_mac = :browser AND key_mac = :key AND "
                + OPEN
                + " RETURNING id")
        .bind("browser", browserMac)
        .bind("key", keyMac)
        .bind("now", nowMillis)
        .mapTo(String.class)
        .findOne();
  }

  /// True for one caller ever.
  static boolean use(Handle handle, String id, long nowMillis) {
    return handle
            .createUpdate(
                "UPDATE login_flow SET used_millis = :now WHERE id = :id AND used_millis IS NULL")
            .bind("now", nowMillis)
            .bind("id", id)
            .execute()
        == 1;
  }

  /// The request for an address that was made last, of those that are open.
  static Optional<LoginFlow> newest(Handle handle, String keyMac, long nowMillis) {
    return handle
        .createQuery(
            FLOW + OPEN + " AND key_mac = :key ORDER BY asked_millis DESC, id DESC LIMIT 1")
        .bind("key", keyMac)
        .bind("now", nowMillis)
        .map((row, _) -> flow(row))
        .findOne();
  }

  /// One that is open.
  static Optional<LoginFlow> find(Handle handle, String id, long nowMillis) {
    return handle
        .createQuery(FLOW + OPEN + " AND id = :id")
        .bind("id", id)
        .bind("now", nowMillis)
        .map((row, _) -> flow(row))
        .findOne();
  }

  private static LoginFlow flow(ResultSet row) throws SQLException {
    return new LoginFlow(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6));
  }
}
