package dev.gatewright.ticket;

import dev.gatewright.account.Tenant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of tickets.
final class TicketStore {
  /// Rows that nobody used are cleared away by who makes the next ones.
  private static final int CLEARED_ROWS_MAX = 1_000;

  private TicketStore() {}

  /// @param service null = any
  /// @param issuer the process whose clock `expiresMillis` is of
  record Ticket(String keyId, @Nullable String service, long expiresMillis, String issuer) {}

  static void insert(Handle handle, Tenant tenant, String mac, Ticket ticket, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO key_ticket
              (mac, organization_id, project_id, key_id, service, created_millis, expires_millis,
               issuer)
            VALUES
              (:mac, :organizationId, :projectId, :keyId, :service, :now, :expires, :issuer)\
            """)
        .bind("mac", mac)
        .bind("organizationId", tenant.organizationId())
        .bind("projectId", tenant.projectId())
        .bind("keyId", ticket.keyId())
        .bind("service", ticket.service())
        .bind("now", nowMillis)
        .bind("expires", ticket.expiresMillis())
        .bind("issuer", ticket.issuer())
        .execute();
  }

  /// Tickets of a key that could still be used.
  static long open(Handle handle, Tenant tenant, String keyId, long nowMillis) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM key_ticket
            WHERE key_id = :keyId AND expires_millis > :now
              AND organization_id = :organizationId\
            """)
        .bind("keyId", keyId)
        .bind("now", nowMillis)
        .bind("organizationId", tenant.organizationId())
        .mapTo(Long.class)
        .one();
  }

  /// Takes a ticket out: of all who try, on whatever replica, one gets it. The ticket itself says
  /// whose it is; whoever presents it is nobody yet.
  static Optional<Ticket> take(Handle handle, String mac) {
    return handle
        .createQuery(
            """
            DELETE FROM key_ticket WHERE mac = :mac RETURNING key_id, service, expires_millis, issuer\
            """)
        .bind("mac", mac)
        .map((row, _) ->
            new Ticket(row.getString(1), row.getString(2), row.getLong(3), row.getString(4)))
        .findOne();
  }

  /// @param beforeMillis rows that ended by then go
  static void clear(Handle handle, long beforeMillis) {
    handle
        .createUpdate(
            """
            DELETE FROM key_ticket WHERE mac IN
              (SELECT mac FROM key_ticket WHERE expires_millis <= :before LIMIT :rows)\
            """)
        .bind("before", beforeMillis)
        .bind("rows", CLEARED_ROWS_MAX)
        .execute();
  }
}
