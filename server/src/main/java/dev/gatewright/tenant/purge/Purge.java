package dev.gatewright.tenant.purge;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.Organization.State;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Removes what an organization had once the days in which it could be restored are over: in small
/// steps, each a transaction of its own, so that nobody waits and a step that is broken off is
/// taken again, by whichever replica. What is left is an id, for the audit chain. Blocks;
/// thread-safe.
public final class Purge {
  private static final int ORGANIZATIONS_MAX = 100;

  private final TenantWrites writes;
  private final int rowsMax;

  public Purge(TenantWrites writes) {
    this(writes, 500);
  }

  /// @param rowsMax what one step deletes at most
  Purge(TenantWrites writes, int rowsMax) {
    this.writes = writes;
    this.rowsMax = rowsMax;
  }

  /// Removes all that is due.
  ///
  /// @param stopped asked between steps
  /// @return how many organizations are gone for good with this
  public int run(Stopped stopped) {
    long before = writes.now() - Organization.KEPT.toMillis();
    int purged = 0;
    for (String id : writes.read(handle -> PurgeStore.due(handle, before, ORGANIZATIONS_MAX))) {
      if (purge(id, stopped)) {
        purged++;
      }
    }
    return purged;
  }

  /// Whether to leave the rest for another time.
  @FunctionalInterface
  public interface Stopped {
    boolean now();
  }

  private boolean purge(String id, Stopped stopped) {
    Tenant tenant = begin(id);
    if (tenant == null) {
      return false;
    }
    List<PurgeStore.Table> tables = writes.read(PurgeStore::tables);
    for (PurgeStore.Table table : tables) {
      int deleted = rowsMax;
      while (deleted == rowsMax) {
        if (stopped.now()) {
          return false;
        }
        deleted = writes.run(handle -> PurgeStore.delete(handle, table, id, rowsMax));
      }
    }
    return !stopped.now() && end(tenant);
  }

  /// From here on there is no way back. Null when there is nothing to do (any more).
  private @Nullable Tenant begin(String id) {
    Tenant tenant = writes.read(handle -> OrganizationStore.tenant(handle, id)).orElse(null);
    if (tenant == null) {
      return null;
    }
    boolean begun =
        writes.run(
            tenant,
            handle -> {
              Organization before = OrganizationStore.find(handle, id).orElse(null);
              Long until = before == null ? null : before.restorableUntilMillis();
              if (before != null && until != null && writes.now() >= until) {
                write(handle, tenant, before.in(State.PURGING, before.deletedMillis()), "purge");
                return true;
              }
              return before != null && before.state() == State.PURGING;
            });
    return begun ? tenant : null;
  }

  private boolean end(Tenant tenant) {
    return writes.run(
        tenant,
        handle -> {
          Organization before =
              OrganizationStore.find(handle, tenant.organizationId()).orElse(null);
          if (before == null || before.state() != State.PURGING) {
            return false;
          }
          PurgeStore.deleteLast(handle, tenant.organizationId());
          Organization gone = before.named("").in(State.PURGED, before.deletedMillis());
          write(handle, tenant, gone, "purged");
          return true;
        });
  }

  private void write(Handle handle, Tenant tenant, Organization after, String act) {
    OrganizationStore.update(handle, after);
    writes.told(
        handle, tenant, Actor.SYSTEM, Organizations.KIND, act, after.id(), AuditLog.detail());
  }
}
