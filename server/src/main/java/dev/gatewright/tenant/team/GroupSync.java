package dev.gatewright.tenant.team;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Keeps memberships as an identity provider's groups say. It touches those alone that it made
/// itself: who was invited, or made a member by hand, stays what he is. Nobody is the last owner
/// the less for it. Blocks; thread-safe.
public final class GroupSync {
  private final TenantWrites writes;
  private final KeyChanges keys;

  public GroupSync(TenantWrites writes, KeyChanges keys) {
    this.writes = writes;
    this.keys = keys;
  }

  /// What came of it.
  public enum Synced {
    /// As it was: nothing to do, or not this source's to change.
    SAME,
    CHANGED,
    /// The last owner stays one.
    LAST_OWNER,
    NO_ORGANIZATION
  }

  /// @param role by the groups; null = none of them gives one
  /// @param source what the provider's memberships are known by
  public Synced sync(
      String organizationId, String personId, @Nullable Role role, String source, Actor actor) {
    return writes.run(handle -> {
      Tenant tenant = AccountStore.firstProject(handle, organizationId).orElse(null);
      if (tenant == null) {
        return Synced.NO_ORGANIZATION;
      }
      writes.lock(handle, tenant);
      TeamMember before = TeamStore.find(handle, organizationId, personId).orElse(null);
      if (before == null) {
        return role == null ? Synced.SAME : add(handle, tenant, personId, role, source, actor);
      }
      boolean own = MemberStore.source(handle, organizationId, personId).equals(source);
      if (!own || before.role() == role) {
        return Synced.SAME;
      }
      if (before.role() == Role.OWNER && TeamStore.owners(handle, organizationId) <= 1) {
        return Synced.LAST_OWNER;
      }
      if (role == null) {
        TeamStore.delete(handle, organizationId, personId);
        end(
            handle,
            tenant,
            personId,
            actor,
            "remove",
            keys.disableOf(handle, tenant, personId, actor));
      } else {
        TeamMember after = before.as(role, role == Role.DEVELOPER ? before.projects() : Set.of());
        TeamStore.update(handle, organizationId, after);
        List<String> disabled =
            keys.disableOf(
                handle,
                tenant,
                personId,
                key -> Team.beyond(after, key),
                "its owner may not have it any more",
                actor);
        end(handle, tenant, personId, actor, "edit", disabled);
      }
      return Synced.CHANGED;
    });
  }

  private Synced add(
      Handle handle, Tenant tenant, String personId, Role role, String source, Actor actor) {
    MemberStore.insert(
        handle, tenant.organizationId(), personId, role, source, Set.of(), writes.now());
    ObjectNode detail = AuditLog.detail().put("role", role.word()).put("source", source);
    writes.told(handle, tenant, actor, Team.KIND, "add", personId, detail);
    return Synced.CHANGED;
  }

  private void end(
      Handle handle,
      Tenant tenant,
      String personId,
      Actor actor,
      String act,
      List<String> disabledKeys) {
    ObjectNode detail = AuditLog.detail().put("reason", "groups of the identity provider");
    disabledKeys.forEach(detail.putArray("disabled_keys")::add);
    writes.told(handle, tenant, actor, Team.KIND, act, personId, detail);
  }
}
