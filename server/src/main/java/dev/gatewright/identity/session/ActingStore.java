package dev.gatewright.identity.session;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL about the organizations that operators act for.
final class ActingStore {
  /// Whoever owns an organization, in numbers nobody reaches.
  private static final int OWNERS_MAX = 100;

  private ActingStore() {}

  static Optional<String> name(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT name FROM organization WHERE id = :organizationId")
        .bind("organizationId", organizationId)
        .mapTo(String.class)
        .findOne();
  }

  static Optional<String> email(Handle handle, String personId) {
    return handle
        .createQuery("SELECT email FROM person WHERE id = :id AND deleted_millis IS NULL")
        .bind("id", personId)
        .mapTo(String.class)
        .findOne();
  }

  /// Ids of those who own it.
  static List<String> owners(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT p.id FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organization_id = :organizationId AND m.role = 'owner'
              AND p.deleted_millis IS NULL
            ORDER BY m.created_millis, p.id LIMIT :max\
            """)
        .bind("organizationId", organizationId)
        .bind("max", OWNERS_MAX)
        .mapTo(String.class)
        .list();
  }
}
