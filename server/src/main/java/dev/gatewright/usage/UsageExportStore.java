package dev.gatewright.usage;

import dev.gatewright.store.Database;
import dev.gatewright.usage.UsageExport.Format;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of exports. Blocks. Each method is confined to one organization, and to who asked.
final class UsageExportStore {
  /// Those of an organization that are there at once.
  static final int AT_ONCE_MAX = 100;

  private final Database database;

  UsageExportStore(Database database) {
    this.database = database;
  }

  /// Adds one, and forgets the organization's that are over; behind the organization's lock, so
  /// that two at once do not both find the last place free.
  ///
  /// @return false when there are too many
  static boolean add(Handle handle, UsageExport export) {
    long before = export.createdMillis() - UsageExport.KEPT.toMillis();
    handle
        .createUpdate(
            """
            DELETE FROM usage_export
            WHERE organization_id = :organization AND created_millis < :before\
            """)
        .bind("organization", export.organizationId())
        .bind("before", before)
        .execute();
    if (count(handle, export.organizationId()) >= AT_ONCE_MAX) {
      return false;
    }
    handle
        .createUpdate(
            """
            INSERT INTO usage_export
              (organization_id, id, created_by, created_millis, format, asked)
            VALUES (:organization, :id, :by, :at, :format, :asked)\
            """)
        .bind("organization", export.organizationId())
        .bind("id", export.id())
        .bind("by", export.createdBy())
        .bind("at", export.createdMillis())
        .bind("format", export.format().word())
        .bind("asked", export.asked())
        .execute();
    return true;
  }

  private static int count(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT COUNT(*) FROM usage_export WHERE organization_id = :organization")
        .bind("organization", organizationId)
        .mapTo(Integer.class)
        .one();
  }

  Optional<UsageExport> find(String organizationId, String createdBy, String id, long sinceMillis) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT organization_id, id, created_by, created_millis, format, asked
                FROM usage_export
                WHERE organization_id = :organization AND id = :id AND created_by = :by
                  AND created_millis >= :since\
                """)
            .bind("organization", organizationId)
            .bind("id", id)
            .bind("by", createdBy)
            .bind("since", sinceMillis)
            .map((row, _) -> export(row))
            .findOne());
  }

  /// The newest first; an organization has few.
  List<UsageExport> all(String organizationId, String createdBy, long sinceMillis) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT organization_id, id, created_by, created_millis, format, asked
                FROM usage_export
                WHERE organization_id = :organization AND created_by = :by
                  AND created_millis >= :since
                ORDER BY id DESC LIMIT :max\
                """)
            .bind("organization", organizationId)
            .bind("by", createdBy)
            .bind("since", sinceMillis)
            .bind("max", AT_ONCE_MAX)
            .map((row, _) -> export(row))
            .list());
  }

  private static UsageExport export(ResultSet row) throws SQLException {
    return new UsageExport(
        row.getString("organization_id"),
        row.getString("id"),
        row.getString("created_by"),
        row.getLong("created_millis"),
        Format.valueOf(row.getString("format").toUpperCase(Locale.ROOT)),
        row.getString("asked"));
  }
}
