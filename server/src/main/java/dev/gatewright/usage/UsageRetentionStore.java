package dev.gatewright.usage;

import dev.gatewright.ledger.AttemptIds;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of how long single calls are kept.
final class UsageRetentionStore {
  private UsageRetentionStore() {}

  /// An organization that does not keep them for good.
  record Kept(String organizationId, int days) {}

  static Optional<Integer> days(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT days FROM usage_retention WHERE organization_id = :organization")
        .bind("organization", organizationId)
        .mapTo(Integer.class)
        .findOne();
  }

  static void keep(Handle handle, String organizationId, int days, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO usage_retention (organization_id, days, changed_millis)
            VALUES (:organization, :days, :now)
            ON CONFLICT (organization_id) DO UPDATE
            SET days = excluded.days, changed_millis = excluded.changed_millis\
            """)
        .bind("organization", organizationId)
        .bind("days", days)
        .bind("now", nowMillis)
        .execute();
  }

  static void keepForGood(Handle handle, String organizationId) {
    handle
        .createUpdate("DELETE FROM usage_retention WHERE organization_id = :organization")
        .bind("organization", organizationId)
        .execute();
  }

  /// By id.
  static List<Kept> all(Handle handle, String after, int most) {
    return handle
        .createQuery(
            """
            SELECT organization_id, days FROM usage_retention
            WHERE organization_id > :after ORDER BY organization_id LIMIT :most\
            """)
        .bind("after", after)
        .bind("most", most)
        .map((row, _) -> new Kept(row.getString(1), row.getInt(2)))
        .list();
  }

  /// Drops the oldest rows of attempts that began before a time.
  ///
  /// @return how many; `most` = there may be more
  static int drop(Handle handle, String organizationId, boolean test, long beforeMillis, int most) {
    return handle
        .createUpdate(
            """
            DELETE FROM usage_attempt
            WHERE organization_id = :organization AND test = :test AND id IN
              (SELECT id FROM usage_attempt
               WHERE organization_id = :organization AND test = :test AND id < :before
               ORDER BY id LIMIT :most)\
            """)
        .bind("organization", organizationId)
        .bind("test", test ? 1 : 0)
        .bind("before", AttemptIds.floor(beforeMillis))
        .bind("most", most)
        .execute();
  }
}
