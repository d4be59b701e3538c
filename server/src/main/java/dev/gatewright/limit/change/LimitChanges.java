package dev.gatewright.limit.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.account.StandingStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.Reach;
import dev.gatewright.limit.LimitStore;
import dev.gatewright.limit.LimitViews;
import dev.gatewright.limit.StoredLimit;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Sets, changes and takes limits away: each change one transaction under the organization's lock.
/// Blocks; for virtual threads. Thread-safe.
final class LimitChanges {
  private static final String RESTRICTED =
      "An admin key that has rules of its own changes no limits (expected: one without rules, or a"
          + " person).";

  private final TenantWrites writes;
  private final KeyLists keys;
  private final Tenant platform;

  /// @param platform the platform owner's, who alone limits services and sites
  LimitChanges(TenantWrites writes, KeyLists keys, Tenant platform) {
    this.writes = writes;
    this.keys = keys;
    this.platform = platform;
  }

  /// @param on as it came, of a form that is known
  StoredLimit create(ApiCaller caller, LimitSubject on, LimitForm.Checked.Good wanted) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller,
        Permission.POLICY_WRITE,
        handle -> {
          requireWhole(handle, caller);
          requireThere(handle, caller, on);
          if (LimitStore.count(handle, organization) >= LimitStore.LIMITS_MAX) {
            throw Problem.conflict(
                "There are %d limits (expected: at most so many)."
                    .formatted(LimitStore.LIMITS_MAX));
          }
          long now = writes.now();
          Limit limit = wanted.limit(Ids.uuid7("lim_", now), on.id());
          for (StoredLimit other : LimitStore.of(handle, organization, on.id())) {
            if (other.limit().kind() == limit.kind() && other.limit().per() == limit.per()) {
              throw Problem.conflict(
                  "%s has %s, %s, already (expected: that one changed)."
                      .formatted(on.id(), other.limit().id(), other.limit().text()));
            }
          }
          StoredLimit made = new StoredLimit(organization, limit, caller.id(), now, 1);
          LimitStore.insert(handle, made);
          told(handle, caller, "create", made, AuditLog.detail().put("limit", limit.text()));
          return made;
        });
  }

  /// Another amount; what was taken stays taken.
  StoredLimit edit(ApiCaller caller, String id, LimitEdit edit, IfMatch seen) {
    return writes.run(
        caller,
        Permission.POLICY_WRITE,
        handle -> {
          StoredLimit before = there(handle, caller, id);
          requireWhole(handle, caller);
          seen.require(LimitView.tag(before));
          Limit after = edit.of(before.limit());
          if (after.equals(before.limit())) {
            return before;
          }
          LimitStore.update(handle, before.organizationId(), after);
          ObjectNode detail = AuditLog.detail();
          detail.put("before", before.limit().text()).put("after", after.text());
          told(handle, caller, "edit", before, detail);
          return there(handle, caller, id);
        });
  }

  /// @param seen what the caller last saw of it, asked once nobody else can change it
  void remove(ApiCaller caller, String id, IfMatch seen) {
    StoredLimit _ =
        writes.run(
            caller,
            Permission.POLICY_WRITE,
            handle -> {
              StoredLimit before = there(handle, caller, id);
              requireWhole(handle, caller);
              seen.require(LimitView.tag(before));
              LimitStore.delete(handle, before.organizationId(), id);
              told(
                  handle,
                  caller,
                  "remove",
                  before,
                  AuditLog.detail().put("limit", before.limit().text()));
              return before;
            });
  }

  private static StoredLimit there(Handle handle, ApiCaller caller, String id) {
    return LimitStore.find(handle, caller.tenant().organizationId(), id)
        .orElseThrow(() -> Problem.absent("limit"));
  }

  /// Limits are for those whose own power is the organization's whole.
  private void requireWhole(Handle handle, ApiCaller caller) {
    if (caller.principal() instanceof Principal.KeyHolder) {
      Reach reach = Reach.of(handle, caller, writes.now());
      if (reach == null || !reach.whole()) {
        throw Problem.denied(reach == null ? Reach.GONE : RESTRICTED);
      }
    }
  }

  private void requireThere(Handle handle, ApiCaller caller, LimitSubject on) {
    String organization = caller.tenant().organizationId();
    boolean there =
        switch (on.kind()) {
          case ORGANIZATION -> on.id().equals(organization);
          case PROJECT -> StandingStore.hasProject(handle, new Tenant(organization, on.id()));
          case PERSON -> StandingStore.find(handle, organization, on.id()).isPresent();
          case KEY ->
              KeyStore.find(handle, organization, on.id()).isPresent()
                  || keys.ofFile(organization, on.id());
          case SERVICE, SITE -> {
            if (!organization.equals(platform.organizationId())) {
              throw Problem.denied(
                  "Limits of services and sites hold for everybody: the platform's owner sets them.");
            }
            yield true;
          }
        };
    if (!there) {
      throw Problem.absent(on.kind().noun());
    }
  }

  private void told(
      Handle handle, ApiCaller caller, String act, StoredLimit stored, ObjectNode detail) {
    String organization = stored.organizationId();
    String on = stored.limit().on();
    Tenant tenant =
        on.startsWith("prj_")
            ? new Tenant(organization, on)
            : new Tenant(organization, caller.tenant().projectId());
    detail.put("on", on);
    writes.told(
        handle, tenant, caller.actor(), LimitViews.CHANGE_KIND, act, stored.limit().id(), detail);
  }

  @Nullable StoredLimit find(String organizationId, String id) {
    return writes.readOrNull(handle -> LimitStore.find(handle, organizationId, id).orElse(null));
  }

  /// @param on null = of whomsoever
  /// @param before null = from the newest on
  List<StoredLimit> list(
      String organizationId, @Nullable String on, @Nullable String before, int rows) {
    return writes.read(handle -> LimitStore.list(handle, organizationId, on, before, rows));
  }
}
