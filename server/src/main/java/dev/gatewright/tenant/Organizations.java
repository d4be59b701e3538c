package dev.gatewright.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes, changes and ends organizations. Blocks; thread-safe.
public final class Organizations {
  public static final String KIND = ClosedOrganizations.CHANGE_KIND;

  /// The feed's word for who belongs where, and as what.
  public static final String MEMBER_KIND = "member";

  /// What people who do not run the platform may own at a time.
  private static final int OWNED_MAX = 20;

  private static final String NOUN = "organization";

  /// What the project is called that an organization begins with.
  public static final String FIRST_PROJECT = "Default project";

  private final TenantWrites writes;
  private final Tenant platform;

  /// @param platform the platform owner's organization
  public Organizations(TenantWrites writes, Tenant platform) {
    this.writes = writes;
    this.platform = platform;
  }

  /// Makes one with a first project.
  ///
  /// @param ownerId whose it is; null = nobody's yet
  /// @param counted the owner may have so many and no more
  Outcome<Organization> create(
      Actor actor, String name, @Nullable String ownerId, boolean counted) {
    long now = writes.now();
    Tenant tenant = new Tenant(Ids.uuid7("org_", now), Ids.uuid7("prj_", now));
    return writes.run(
        tenant,
        handle -> {
          if (ownerId != null && !PeopleStore.active(handle, ownerId)) {
            return new Outcome.Absent<>("person");
          }
          if (ownerId != null && counted && OrganizationStore.owned(handle, ownerId) >= OWNED_MAX) {
            return Outcome.conflict(
                "You own %d organizations already (expected: fewer than %d)."
                    .formatted(OWNED_MAX, OWNED_MAX));
          }
          AccountStore.insertOrganization(handle, tenant.organizationId(), name, false, now);
          AccountStore.insertProject(handle, tenant, FIRST_PROJECT, now);
          ObjectNode detail = AuditLog.detail().put("name", name);
          if (ownerId != null) {
            MemberStore.insert(handle, tenant.organizationId(), ownerId, Role.OWNER, Set.of(), now);
            detail.put("owner", ownerId);
          }
          writes.told(handle, tenant, actor, KIND, "create", tenant.organizationId(), detail);
          if (ownerId != null) {
            writes.number(handle, tenant, MEMBER_KIND, ownerId);
          }
          return Outcome.done(found(handle, tenant.organizationId()));
        });
  }

  /// Whether a person belongs to it.
  boolean has(String id, String personId) {
    return writes.read(handle -> MemberStore.role(handle, id, personId) != null);
  }

  Optional<Organization> find(String id) {
    return writes.read(handle -> OrganizationStore.find(handle, id));
  }

  List<OrganizationStore.Seen> of(String personId, String after, int rowsMax) {
    return writes.read(handle -> OrganizationStore.ofPerson(handle, personId, after, rowsMax));
  }

  List<OrganizationStore.Counted> all(
      Organization.@Nullable State state, String after, int rowsMax) {
    return writes.read(handle -> OrganizationStore.all(handle, state, after, rowsMax));
  }

  /// @param name null = as it is
  /// @param zone null = as it is
  /// @param weekStart null = as it is
  /// @param allowUnpriced what it shall say: for who runs the platform, whose money credit is
  Outcome<Organization> edit(
      ApiCaller caller,
      @Nullable String name,
      @Nullable ZoneId zone,
      @Nullable DayOfWeek weekStart,
      Allowance allowUnpriced,
      IfMatch seen) {
    boolean own = caller.tenant().organizationId().equals(platform.organizationId());
    if (allowUnpriced.given() && !own && !caller.platformOwner()) {
      throw Problem.denied(
          "allow_unpriced of an organization is for who runs the platform; projects and keys have their own.");
    }
    return writes.run(
        caller,
        Permission.ORG_WRITE,
        handle ->
            edit(
                handle,
                caller.tenant(),
                caller.actor(),
                seen,
                before ->
                    (name == null ? before : before.named(name))
                        .in(before.calendars().with(zone, weekStart, writes.now()))
                        .with(
                            before.platformCredentials(),
                            allowUnpriced.after(before.allowUnpriced()))));
  }

  /// What who runs the platform says of it.
  ///
  /// @param credentials it may use the platform's own provider credentials; null = as it is
  Outcome<Organization> allow(
      ApiCaller caller,
      String id,
      @Nullable Boolean credentials,
      Allowance allowUnpriced,
      IfMatch seen) {
    return writes
        .read(handle -> OrganizationStore.tenant(handle, id))
        .map(tenant ->
            writes.run(
                tenant,
                handle ->
                    edit(
                        handle,
                        tenant,
                        caller.actor(),
                        seen,
                        before ->
                            before.with(
                                credentials == null ? before.platformCredentials() : credentials,
                                allowUnpriced.after(before.allowUnpriced())))))
        .orElse(new Outcome.Absent<>(NOUN));
  }

  private Outcome<Organization> edit(
      Handle handle, Tenant tenant, Actor actor, IfMatch seen, UnaryOperator<Organization> change) {
    String id = tenant.organizationId();
    Organization before = OrganizationStore.find(handle, id).orElse(null);
    if (before == null || before.state() != Organization.State.ACTIVE) {
      return new Outcome.Absent<>(NOUN);
    }
    seen.require(before.tag());
    Organization after = change.apply(before);
    if (after.equals(before)) {
      return Outcome.done(before);
    }
    OrganizationStore.update(handle, after);
    ObjectNode detail = AuditLog.detail();
    fields(detail.putObject("before"), before, after);
    fields(detail.putObject("after"), after, before);
    writes.told(handle, tenant, actor, KIND, "edit", id, detail);
    return Outcome.done(found(handle, id));
  }

  /// What differs.
  private static void fields(ObjectNode into, Organization one, Organization other) {
    if (!one.name().equals(other.name())) {
      into.put("name", one.name());
    }
    if (one.platformCredentials() != other.platformCredentials()) {
      into.put("platform_credentials", one.platformCredentials());
    }
    if (!Objects.equals(one.allowUnpriced(), other.allowUnpriced())) {
      into.put(Allowance.FIELD, one.allowUnpriced());
    }
    if (!one.calendars().equals(other.calendars())) {
      into.put("time_zone", one.calendars().latest().zone().getId());
      into.put("week_start", one.calendars().latest().weekStartWord());
    }
  }

  /// Its keys are dead from now on; what it has stays until [Organization#KEPT] is over.
  Outcome<Organization> delete(ApiCaller caller, IfMatch seen) {
    Tenant tenant = caller.tenant();
    String id = tenant.organizationId();
    if (id.equals(platform.organizationId())) {
      return Outcome.conflict(
          "This is the platform's own organization, which stays as long as the gate does.");
    }
    return writes.run(
        caller,
        Permission.ORG_DELETE,
        handle -> {
          Organization before = OrganizationStore.find(handle, id).orElse(null);
          if (before == null || before.state() != Organization.State.ACTIVE) {
            return new Outcome.Absent<>(NOUN);
          }
          seen.require(before.tag());
          OrganizationStore.update(handle, before.in(Organization.State.DELETING, writes.now()));
          writes.told(handle, tenant, caller.actor(), KIND, "delete", id, AuditLog.detail());
          return Outcome.done(found(handle, id));
        });
  }

  /// Undoes a deletion.
  ///
  /// @param personId who must be an owner; null for who runs the platform
  Outcome<Organization> restore(Actor actor, String id, @Nullable String personId, IfMatch seen) {
    Tenant tenant = writes.read(handle -> OrganizationStore.tenant(handle, id)).orElse(null);
    if (tenant == null) {
      return new Outcome.Absent<>(NOUN);
    }
    return writes.run(
        tenant,
        handle -> {
          Organization before = OrganizationStore.find(handle, id).orElse(null);
          boolean may = personId == null || MemberStore.role(handle, id, personId) == Role.OWNER;
          if (before == null || !may) {
            return new Outcome.Absent<>(NOUN);
          }
          if (before.state() == Organization.State.ACTIVE) {
            return Outcome.done(before);
          }
          Long until = before.restorableUntilMillis();
          if (until == null || writes.now() >= until) {
            return Outcome.conflict(
                "The %d days in which it could be restored are over."
                    .formatted(Organization.KEPT.toDays()));
          }
          seen.require(before.tag());
          OrganizationStore.update(handle, before.in(Organization.State.ACTIVE, null));
          writes.told(handle, tenant, actor, KIND, "restore", id, AuditLog.detail());
          return Outcome.done(found(handle, id));
        });
  }

  private static Organization found(Handle handle, String id) {
    return OrganizationStore.find(handle, id).orElseThrow();
  }
}
