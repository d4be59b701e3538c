package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.change.Rights;
import dev.gatewright.rest.Permission;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// How everything of a tenant is changed: in one transaction that waits for the organization's
/// other writers, reads, decides, writes, adds the audit entry and takes the change's number last.
/// Blocks; thread-safe.
public final class TenantWrites {
  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Time time;

  public TenantWrites(Database database, ChangeFeed feed, AuditLog audit, Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.time = time;
  }

  public <T> T run(Tenant tenant, Database.Work<T> work) {
    return database.write(handle -> {
      audit.lock(handle, tenant);
      return work.run(handle);
    });
  }

  /// The same for who must still have `permission` by then.
  ///
  /// @throws dev.gatewright.rest.Problem when it is gone
  public <T> T run(ApiCaller caller, Permission permission, Database.Work<T> work) {
    return run(
        caller.tenant(),
        handle -> {
          Rights.require(handle, caller, permission, now());
          return work.run(handle);
        });
  }

  /// For work that finds out whose it is before it waits: it calls [#lock] itself.
  public <T> T run(Database.Work<T> work) {
    return database.write(work);
  }

  public void lock(Handle handle, Tenant tenant) {
    audit.lock(handle, tenant);
  }

  public <T> T read(Database.Work<T> work) {
    return database.read(work);
  }

  public <T> @Nullable T readOrNull(Database.WorkOrNull<T> work) {
    return database.readOrNull(work);
  }

  /// The audit entry of a change, then its number.
  ///
  /// @param kind the feed's word for what changed; begins the action's name as well
  /// @param id which one
  /// @param act such as `rename`
  public void told(
      Handle handle,
      Tenant tenant,
      Actor actor,
      String kind,
      String act,
      String id,
      ObjectNode detail) {
    audit.append(handle, tenant, actor, kind + "." + act, id, detail);
    feed.append(handle, kind, tenant.organizationId(), id);
  }

  /// The number of a change that is part of one already told.
  public void number(Handle handle, Tenant tenant, String kind, String id) {
    feed.append(handle, kind, tenant.organizationId(), id);
  }

  public long now() {
    return time.millis();
  }
}
