package dev.gatewright.tenant.notice;

import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of whom a notice is for.
final class NoticeStore {
  private NoticeStore() {}

  /// Who may sign in and has one of these roles.
  static List<String> members(
      Handle handle, String organizationId, Collection<String> roles, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT m.person_id FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.organization_id = :organization AND m.role IN (<roles>)
              AND p.state = 'active' AND p.deleted_millis IS NULL
            ORDER BY m.created_millis, m.person_id LIMIT :max\
            """)
        .bind("organization", organizationId)
        .bindList("roles", List.copyOf(roles))
        .bind("max", rowsMax)
        .mapTo(String.class)
        .list();
  }
}
