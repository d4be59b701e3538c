package dev.gatewright.identity.passkey;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of passkeys and of what is asked of them. They belong to persons, not to tenants.
final class PasskeyStore {
  private static final int CLEARED_MAX = 100;

  private static final String PASSKEY =
      """
      SELECT id, credential_id, person_id, rp_id, name, data, counter, synced, suspect,
        created_millis, used_millis
      FROM passkey \
      """;

  private PasskeyStore() {}

  /// False when somebody has it.
  static boolean insert(Handle handle, Passkey fresh) {
    return handle
            .createUpdate(
                """
                INSERT INTO passkey
                  (id, credential_id, person_id, rp_id, name, data, counter, synced, suspect,
                   created_millis)
                VALUES (:id, :credential, :person, :rpId, :name, :data, :counter, :synced, 0, :now)
                ON CONFLICT DO NOTHING\
                """)
            .bind("id", fresh.id())
            .bind("credential", fresh.credentialId())
            .bind("person", fresh.personId())
            .bind("rpId", fresh.rpId())
            .bind("name", fresh.name())
            .bind("data", fresh.data())
            .bind("counter", fresh.counter())
            .bind("synced", fresh.synced() ? 1L : 0L)
            .bind("now", fresh.createdMillis())
            .execute()
        == 1;
  }

  static List<Passkey> of(Handle handle, String personId) {
    return handle
        .createQuery(PASSKEY + "WHERE person_id = :person ORDER BY id LIMIT :max")
        .bind("person", personId)
        .bind("max", Passkey.OF_PERSON_MAX)
        .map((row, _) -> passkey(row))
        .list();
  }

  static Optional<Passkey> byCredential(Handle handle, String credentialId) {
    return handle
        .createQuery(PASSKEY + "WHERE credential_id = :credential")
        .bind("credential", credentialId)
        .map((row, _) -> passkey(row))
        .findOne();
  }

  /// Over what was read: false when somebody used it meanwhile.
  static boolean used(Handle handle, Passkey before, long counter, boolean suspect, long now) {
    return handle
            .createUpdate(
                """
                UPDATE passkey SET counter = :counter, suspect = :suspect, used_millis = :now
                WHERE id = :id AND counter = :before\
                """)
            .bind("counter", counter)
            .bind("suspect", suspect ? 1L : 0L)
            .bind("now", now)
            .bind("id", before.id())
            .bind("before", before.counter())
            .execute()
        == 1;
  }

  static boolean delete(Handle handle, String personId, String id) {
    return handle
            .createUpdate("DELETE FROM passkey WHERE person_id = :person AND id = :id")
            .bind("person", personId)
            .bind("id", id)
            .execute()
        == 1;
  }

  static void deleteAll(Handle handle, String personId) {
    handle
        .createUpdate("DELETE FROM passkey WHERE person_id = :person")
        .bind("person", personId)
        .execute();
  }

  /// @param personId whose it must be; null = whoever answers
  static void ask(
      Handle handle,
      String keyMac,
      String browserMac,
      String purpose,
      @Nullable String personId,
      long expiresMillis,
      long now) {
    handle
        .createUpdate(
            """
            DELETE FROM passkey_challenge WHERE key_mac IN
              (SELECT key_mac FROM passkey_challenge WHERE expires_millis <= :now
               ORDER BY expires_millis LIMIT :rows)\
            """)
        .bind("now", now)
        .bind("rows", CLEARED_MAX)
        .execute();
    handle
        .createUpdate(
            """
            INSERT INTO passkey_challenge
              (key_mac, browser_mac, purpose, person_id, expires_millis)
            VALUES (:key, :browser, :purpose, :person, :expires)\
            """)
        .bind("key", keyMac)
        .bind("browser", browserMac)
        .bind("purpose", purpose)
        .bind("person", personId)
        .bind("expires", expiresMillis)
        .execute();
  }

  /// True for one caller ever.
  static boolean answer(
      Handle handle,
      String keyMac,
      String browserMac,
      String purpose,
      @Nullable String personId,
      long now) {
    return handle
            .createUpdate(
                """
                UPDATE passkey_challenge SET used_millis = :now
                WHERE key_mac = :key AND browser_mac = :browser AND purpose = :purpose
                  AND COALESCE(person_id, '') = :person
                  AND used_millis IS NULL AND expires_millis > :now\
                """)
            .bind("now", now)
            .bind("key", keyMac)
            .bind("browser", browserMac)
            .bind("purpose", purpose)
            .bind("person", personId == null ? "" : personId)
            .execute()
        == 1;
  }

  /// Notes that a session's person proved to be it by a passkey.
  ///
  /// @param forgetBefore proofs older than this say nothing any more
  static void proved(Handle handle, String sessionId, long now, long forgetBefore) {
    handle
        .createUpdate("DELETE FROM passkey_proof WHERE proved_millis < :before")
        .bind("before", forgetBefore)
        .execute();
    handle
        .createUpdate(
            """
            INSERT INTO passkey_proof (session_id, proved_millis) VALUES (:id, :now)
            ON CONFLICT (session_id) DO UPDATE SET proved_millis = excluded.proved_millis\
            """)
        .bind("id", sessionId)
        .bind("now", now)
        .execute();
  }

  static boolean provedSince(Handle handle, String sessionId, long since) {
    return handle
        .createQuery(
            "SELECT 1 FROM passkey_proof WHERE session_id = :id AND proved_millis > :since")
        .bind("id", sessionId)
        .bind("since", since)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  static void reset(Handle handle, String personId, long untilMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO passkey_reset (person_id, until_millis) VALUES (:id, :until)
            ON CONFLICT (person_id) DO UPDATE SET until_millis = excluded.until_millis\
            """)
        .bind("id", personId)
        .bind("until", untilMillis)
        .execute();
  }

  static void resetUsed(Handle handle, String personId) {
    handle
        .createUpdate("DELETE FROM passkey_reset WHERE person_id = :id")
        .bind("id", personId)
        .execute();
  }

  static boolean isReset(Handle handle, String personId, long now) {
    return handle
        .createQuery("SELECT 1 FROM passkey_reset WHERE person_id = :id AND until_millis > :now")
        .bind("id", personId)
        .bind("now", now)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  private static Passkey passkey(ResultSet row) throws SQLException {
    long used = row.getLong(11);
    boolean never = row.wasNull();
    return new Passkey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        row.getLong(8) == 1,
        row.getLong(9) == 1,
        row.getLong(10),
        never ? null : (Long) used);
  }
}
