package dev.gatewright.room.store;

import dev.gatewright.account.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// SQL of rooms. A room is one row a (tenant, provider, credential fingerprint, name).
public final class RoomStore {
  private static final String COLUMNS =
      "id, organization_id, project_id, provider, fingerprint, name, provider_room_id, url, status,"
          + " profile, settings, capabilities, key_id, created_millis, expires_millis, eject,"
          + " reap_millis, version, busy_millis";

  private static final String OWNED =
      " WHERE organization_id = :organizationId AND project_id = :projectId";

  private RoomStore() {}

  /// Where a room's row is looked for: everything that makes a name unique but the name.
  public record Shelf(Tenant tenant, String provider, String fingerprint) {}

  /// Takes the name, if no row has it.
  ///
  /// @return false when one has
  public static boolean reserve(Handle handle, RoomRow row) {
    return handle
            .createUpdate(
                "INSERT INTO room ("
                    + COLUMNS
                    + ") VALUES (:id, :organizationId, :projectId, :provider, :fingerprint, :name,"
                    + " :providerRoomId, :url, :status, :profile, :settings, :capabilities,"
                    + " :keyId, :createdMillis, :expiresMillis, :eject, :reapMillis, :version,"
                    + " :busyMillis) ON CONFLICT"
                    + " (organization_id, project_id, provider, fingerprint, name) DO NOTHING")
            .bind("id", row.id())
            .bind("organizationId", row.tenant().organizationId())
            .bind("projectId", row.tenant().projectId())
            .bind("provider", row.provider())
            .bind("fingerprint", row.fingerprint())
            .bind("name", row.name())
            .bind("providerRoomId", row.providerRoomId())
            .bind("url", row.url())
            .bind("status", row.status().id())
            .bind("profile", row.profile())
            .bind("settings", row.settings())
            .bind("capabilities", row.capabilities())
            .bind("keyId", row.keyId())
            .bind("createdMillis", row.createdMillis())
            .bind("expiresMillis", row.expiresMillis())
            .bind("eject", row.eject() ? 1L : 0L)
            .bind("reapMillis", row.reapMillis())
            .bind("version", row.version())
            .bind("busyMillis", row.busyMillis())
            .execute()
        == 1;
  }

  public static Optional<RoomRow> find(Handle handle, Shelf shelf, String name) {
    return on(
            shelf,
            handle.createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM room"
                    + OWNED
                    + " AND provider = :provider AND fingerprint = :fingerprint AND name = :name"))
        .bind("name", name)
        .map((row, _) -> row(row))
        .findOne();
  }

  public static Optional<RoomRow> get(Handle handle, Tenant tenant, String id) {
    return owned(
            tenant,
            handle.createQuery("SELECT " + COLUMNS + " FROM room" + OWNED + " AND id = :id"))
        .bind("id", id)
        .map((row, _) -> row(row))
        .findOne();
  }

  /// In the order of names, after `after`.
  public static List<RoomRow> list(Handle handle, Shelf shelf, String after, int limit) {
    return on(
            shelf,
            handle.createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM room"
                    + OWNED
                    + " AND provider = :provider AND fingerprint = :fingerprint AND name > :after"
                    + " ORDER BY name LIMIT :limit"))
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> row(row))
        .list();
  }

  /// The provider has made the room.
  public static void activate(
      Handle handle, Tenant tenant, String id, String providerRoomId, String url) {
    owned(
            tenant,
            handle.createUpdate(
                "UPDATE room SET status = 'active', provider_room_id = :providerRoomId, url ="
                    + " :url"
                    + OWNED
                    + " AND id = :id"))
        .bind("providerRoomId", providerRoomId)
        .bind("url", url)
        .bind("id", id)
        .execute();
  }

  /// Takes the room for one call, on whatever replica: nobody else changes, deletes or ends it
  /// until `untilMillis`.
  ///
  /// @return the room as it is now, busy; empty when somebody has it or it is not what `row` says
  public static Optional<RoomRow> take(
      Handle handle, RoomRow row, long nowMillis, long untilMillis) {
    int taken =
        owned(
                row.tenant(),
                handle.createUpdate(
                    "UPDATE room SET busy_millis = :until"
                        + OWNED
                        + " AND id = :id AND version = :version AND busy_millis <= :now"))
            .bind("until", untilMillis)
            .bind("id", row.id())
            .bind("version", row.version())
            .bind("now", nowMillis)
            .execute();
    return taken == 1 ? get(handle, row.tenant(), row.id()) : Optional.empty();
  }

  /// Gives a room back that [#take] has taken.
  ///
  /// @param taken as it was taken
  public static void giveBack(Handle handle, RoomRow taken) {
    owned(
            taken.tenant(),
            handle.createUpdate(
                "UPDATE room SET busy_millis = 0"
                    + OWNED
                    + " AND id = :id AND busy_millis = :until"))
        .bind("id", taken.id())
        .bind("until", taken.busyMillis())
        .execute();
  }

  /// What a change of a taken room came to.
  ///
  /// @param row with the version and the time it was taken with
  /// @return false when it was not ours any more
  public static boolean change(Handle handle, RoomRow row) {
    return owned(
                row.tenant(),
                handle.createUpdate(
                    "UPDATE room SET settings = :settings, capabilities = :capabilities,"
                        + " expires_millis = :expiresMillis, eject = :eject, reap_millis ="
                        + " :reapMillis, version = version + 1"
                        + OWNED
                        + " AND id = :id AND version = :version AND busy_millis = :until"))
            .bind("settings", row.settings())
            .bind("capabilities", row.capabilities())
            .bind("expiresMillis", row.expiresMillis())
            .bind("eject", row.eject() ? 1L : 0L)
            .bind("reapMillis", row.reapMillis())
            .bind("id", row.id())
            .bind("version", row.version())
            .bind("until", row.busyMillis())
            .execute()
        == 1;
  }

  /// Lost or expired. A lost room keeps its time: somebody may bring it back by joining it, and
  /// then it still has to end.
  public static void end(Handle handle, Tenant tenant, String id, RoomRow.Status status) {
    String reap = status == RoomRow.Status.EXPIRED ? ", reap_millis = NULL" : "";
    owned(
            tenant,
            handle.createUpdate(
                "UPDATE room SET status = :status" + reap + OWNED + " AND id = :id"))
        .bind("status", status.id())
        .bind("id", id)
        .execute();
  }

  public static void delete(Handle handle, Tenant tenant, String id) {
    owned(tenant, handle.createUpdate("DELETE FROM room" + OWNED + " AND id = :id"))
        .bind("id", id)
        .execute();
  }

  /// Of the whole deployment, for the reaper.
  public static List<RoomRow> due(Handle handle, long nowMillis, int limit) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM room WHERE reap_millis <= :now ORDER BY reap_millis LIMIT :limit")
        .bind("now", nowMillis)
        .bind("limit", limit)
        .map((row, _) -> row(row))
        .list();
  }

  /// Looks after a taken room again later.
  public static void again(Handle handle, RoomRow taken, long atMillis) {
    owned(
            taken.tenant(),
            handle.createUpdate(
                "UPDATE room SET reap_millis = :at"
                    + OWNED
                    + " AND id = :id AND reap_millis = :seen"))
        .bind("at", atMillis)
        .bind("id", taken.id())
        .bind("seen", taken.reapMillis())
        .execute();
  }

  /// Drops what nobody asks about any more, of the whole deployment.
  public static int prune(Handle handle, long endedBeforeMillis, String anonymousOrganization) {
    return handle
        .createUpdate(
            "DELETE FROM room WHERE reap_millis IS NULL AND created_millis < :before AND"
                + " ((expires_millis IS NOT NULL AND expires_millis < :before)"
                + " OR organization_id = :anonymous)")
        .bind("before", endedBeforeMillis)
        .bind("anonymous", anonymousOrganization)
        .execute();
  }

  private static <S extends SqlStatement<S>> S owned(Tenant tenant, S statement) {
    return statement
        .bind("organizationId", tenant.organizationId())
        .bind("projectId", tenant.projectId());
  }

  private static <S extends SqlStatement<S>> S on(Shelf shelf, S statement) {
    return owned(shelf.tenant(), statement)
        .bind("provider", shelf.provider())
        .bind("fingerprint", shelf.fingerprint());
  }

  private static RoomRow row(ResultSet row) throws SQLException {
    return new RoomRow(
        row.getString("id"),
        new Tenant(row.getString("organization_id"), row.getString("project_id")),
        row.getString("provider"),
        row.getString("fingerprint"),
        row.getString("name"),
        row.getString("provider_room_id"),
        row.getString("url"),
        RoomRow.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getString("profile"),
        row.getString("settings"),
        row.getString("capabilities"),
        row.getString("key_id"),
        row.getLong("created_millis"),
        millis(row, "expires_millis"),
        row.getLong("eject") == 1,
        millis(row, "reap_millis"),
        row.getLong("version"),
        row.getLong("busy_millis"));
  }

  private static @Nullable Long millis(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
