package dev.gatewright.identity.oidc;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of sign-ins by identity providers. They belong to persons, not to tenants.
final class OidcStore {
  private static final int CLEARED_MAX = 100;

  private OidcStore() {}

  /// What a browser comes back to.
  ///
  /// @param personId who links the identity; null = signs in by it
  record Flow(String provider, String returnPath, @Nullable String personId) {}

  static void begin(
      Handle handle, String keyMac, String browserMac, Flow flow, long expiresMillis, long now) {
    clear(handle, "oidc_flow", "key_mac", now);
    handle
        .createUpdate(
            """
            INSERT INTO oidc_flow
              (key_mac, browser_mac, provider, return_path, person_id, expires_millis)
            VALUES (:key, :browser, :provider, :path, :person, :expires)\
            """)
        .bind("key", keyMac)
        .bind("browser", browserMac)
        .bind("provider", flow.provider())
        .bind("path", flow.returnPath())
        .bind("person", flow.personId())
        .bind("expires", expiresMillis)
        .execute();
  }

  /// The browser's own, for one caller ever.
  static Optional<Flow> use(
      Handle handle, String keyMac, String browserMac, String provider, long now) {
    return handle
        .createQuery(
            """
            UPDATE oidc_flow SET used_millis = :now
            WHERE key_mac = :key AND browser_mac = :browser AND provider = :provider
              AND used_millis IS NULL AND expires_millis > :now
            RETURNING provider, return_path, person_id\
            """)
        .bind("now", now)
        .bind("key", keyMac)
        .bind("browser", browserMac)
        .bind("provider", provider)
        .map((row, _) -> new Flow(row.getString(1), row.getString(2), row.getString(3)))
        .findOne();
  }

  static Optional<String> person(Handle handle, String issuer, String subject) {
    return handle
        .createQuery(
            "SELECT person_id FROM person_identity WHERE issuer = :issuer AND subject = :subject")
        .bind("issuer", issuer)
        .bind("subject", subject)
        .mapTo(String.class)
        .findOne();
  }

  /// False when somebody has it.
  static boolean link(
      Handle handle, String issuer, String subject, String personId, String provider, long now) {
    return handle
            .createUpdate(
                """
                INSERT INTO person_identity (issuer, subject, person_id, provider, created_millis)
                VALUES (:issuer, :subject, :person, :provider, :now)
                ON CONFLICT (issuer, subject) DO NOTHING\
                """)
            .bind("issuer", issuer)
            .bind("subject", subject)
            .bind("person", personId)
            .bind("provider", provider)
            .bind("now", now)
            .execute()
        == 1;
  }

  /// @param sid the provider's own name of the session; empty = none
  record Began(String sessionId, String provider, String subject, String sid, String personId) {}

  static void began(Handle handle, Began session, long expiresMillis, long now) {
    clear(handle, "oidc_session", "session_id", now);
    handle
        .createUpdate(
            """
            INSERT INTO oidc_session
              (session_id, provider, subject, sid, person_id, expires_millis)
            VALUES (:id, :provider, :subject, :sid, :person, :expires)\
            """)
        .bind("id", session.sessionId())
        .bind("provider", session.provider())
        .bind("subject", session.subject())
        .bind("sid", session.sid())
        .bind("person", session.personId())
        .bind("expires", expiresMillis)
        .execute();
  }

  static Optional<String> providerOf(Handle handle, String sessionId) {
    return handle
        .createQuery("SELECT provider FROM oidc_session WHERE session_id = :id")
        .bind("id", sessionId)
        .mapTo(String.class)
        .findOne();
  }

  /// Sessions of one at the provider, and of a subject; an empty word is not looked at.
  static List<String> sessions(Handle handle, String provider, String sid, String subject) {
    return handle
        .createQuery(
            """
            SELECT session_id FROM oidc_session WHERE provider = :provider AND \
            """
                + (sid.isEmpty() ? "subject = :what" : "sid = :what"))
        .bind("provider", provider)
        .bind("what", sid.isEmpty() ? subject : sid)
        .mapTo(String.class)
        .list();
  }

  /// False when this logout token came before.
  static boolean firstLogout(
      Handle handle, String provider, String jti, long expiresMillis, long now) {
    clear(handle, "oidc_logout", "jti", now);
    return handle
            .createUpdate(
                """
                INSERT INTO oidc_logout (provider, jti, expires_millis)
                VALUES (:provider, :jti, :expires)
                ON CONFLICT (provider, jti) DO NOTHING\
                """)
            .bind("provider", provider)
            .bind("jti", jti)
            .bind("expires", expiresMillis)
            .execute()
        == 1;
  }

  private static void clear(Handle handle, String table, String key, long now) {
    handle
        .createUpdate(
            "DELETE FROM "
                + table
                + " WHERE expires_millis <= :now AND "
                + key
                + " IN (SELECT "
                + key
                + " FROM "
                + table
                + " WHERE expires_millis <= :now ORDER BY expires_millis LIMIT :rows)")
        .bind("now", now)
        .bind("rows", CLEARED_MAX)
        .execute();
  }
}
