package dev.gatewright.identity.setup;

import org.jdbi.v3.core.Handle;

/// SQL of the first run.
final class SetupStore {
  private SetupStore() {}

  /// Whether somebody owns the gate.
  static boolean owned(Handle handle) {
    return handle
            .createQuery("SELECT COUNT(*) FROM first_start WHERE owner_person_id IS NOT NULL")
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /// True for exactly one caller ever.
  static boolean own(Handle handle, String personId) {
    return handle
            .createUpdate(
                """
                UPDATE first_start SET owner_person_id = :personId
                WHERE id = 1 AND owner_person_id IS NULL\
                """)
            .bind("personId", personId)
            .execute()
        == 1;
  }

  static void insertLink(Handle handle, String mac, long expiresMillis, long nowMillis) {
    handle
        .createUpdate("DELETE FROM setup_link WHERE expires_millis <= :now")
        .bind("now", nowMillis)
        .execute();
    handle
        .createUpdate("INSERT INTO setup_link (mac, expires_millis) VALUES (:mac, :expires)")
        .bind("mac", mac)
        .bind("expires", expiresMillis)
        .execute();
  }

  static boolean link(Handle handle, String mac, long nowMillis) {
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM setup_link WHERE mac = :mac AND expires_millis > :now")
            .bind("mac", mac)
            .bind("now", nowMillis)
            .mapTo(Long.class)
            .one()
        == 1;
  }

  static void clearLinks(Handle handle) {
    handle.execute("DELETE FROM setup_link");
  }

  static void rename(Handle handle, String organizationId, String name) {
    handle
        .createUpdate(
            """
            UPDATE organization SET name = :name, version = version + 1
            WHERE id = :organizationId\
            """)
        .bind("name", name)
        .bind("organizationId", organizationId)
        .execute();
  }

  static void insertOwner(Handle handle, String organizationId, String personId, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO membership
              (organization_id, person_id, role, source, version, created_millis)
            VALUES (:organizationId, :personId, 'owner', 'console', 1, :now)
            ON CONFLICT (organization_id, person_id)
            DO UPDATE SET role = 'owner', version = membership.version + 1\
            """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .bind("now", nowMillis)
        .execute();
  }
}
