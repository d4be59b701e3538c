package dev.gatewright.tenant.team;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Changes what members are, and takes them out. At every commit an organization that had an owner
/// has one. Blocks; thread-safe.
public final class Team {
  static final String KIND = Organizations.MEMBER_KIND;
  static final String GONE =
      "Whoever asks for this may not any more: the admin key or the membership is no longer valid,"
          + " or goes less far.";

  private final TenantWrites writes;
  private final KeyChanges keys;

  public Team(TenantWrites writes, KeyChanges keys) {
    this.writes = writes;
    this.keys = keys;
  }

  /// Whom the caller may see; null = everybody.
  private static TeamStore.@Nullable Eyes eyes(ApiCaller caller) {
    return caller.extent().confined()
        ? new TeamStore.Eyes(caller.id(), caller.principal().projects())
        : null;
  }

  List<TeamMember> list(ApiCaller caller, String after, int rowsMax) {
    String organization = caller.tenant().organizationId();
    return writes.read(
        handle -> TeamStore.list(handle, organization, eyes(caller), after, rowsMax));
  }

  Optional<TeamMember> find(ApiCaller caller, String personId) {
    return writes.read(handle -> find(handle, caller, personId));
  }

  private static Optional<TeamMember> find(Handle handle, ApiCaller caller, String personId) {
    return TeamStore.find(handle, caller.tenant().organizationId(), personId)
        .filter(member -> sees(caller, member));
  }

  private static boolean sees(ApiCaller caller, TeamMember member) {
    TeamStore.Eyes eyes = eyes(caller);
    return eyes == null
        || member.personId().equals(eyes.personId())
        || switch (member.role()) {
          case OWNER, ADMIN, VIEWER -> true;
          case DEVELOPER, BILLING -> member.projects().stream().anyMatch(eyes.projects()::contains);
        };
  }

  /// @param role null = as it is
  /// @param projects null = as they are, as far as the role has any
  Outcome<TeamMember> edit(
      ApiCaller caller,
      String personId,
      @Nullable Role role,
      @Nullable Set<String> projects,
      IfMatch seen) {
    Tenant tenant = caller.tenant();
    return writes.run(
        tenant,
        handle -> {
          Power power = Power.of(handle, caller, writes.now());
          TeamMember before = find(handle, caller, personId).orElse(null);
          if (power == null) {
            return new Outcome.Denied<>(GONE);
          }
          if (before == null) {
            return new Outcome.Absent<>(KIND);
          }
          TeamMember after = wanted(before, role, projects);
          Outcome<TeamMember> fault = fault(handle, tenant, power, before, after);
          if (fault != null) {
            return fault;
          }
          seen.require(before.tag());
          return after.equals(before)
              ? Outcome.done(before)
              : write(handle, tenant, caller.actor(), before, after);
        });
  }

  private static TeamMember wanted(
      TeamMember before, @Nullable Role role, @Nullable Set<String> projects) {
    Role newRole = role == null ? before.role() : role;
    Set<String> kept = newRole == Role.DEVELOPER ? before.projects() : Set.of();
    return before.as(newRole, projects == null ? kept : projects);
  }

  private static @Nullable Outcome<TeamMember> fault(
      Handle handle, Tenant tenant, Power power, TeamMember before, TeamMember after) {
    boolean changes = after.role() != before.role();
    if (!power.reaches(before.role())) {
      return new Outcome.Denied<>("Only an owner changes what an owner is.");
    }
    if (changes && !power.grants(after.role())) {
      return new Outcome.Denied<>(
          "The role %s may more than yours, %s; nobody grants beyond the own role."
              .formatted(after.role().word(), power.role().word()));
    }
    boolean ofOwners = before.role() == Role.OWNER || after.role() == Role.OWNER;
    if (changes && ofOwners && !power.proved()) {
      return new Outcome.Unproved<>();
    }
    if (changes && before.role() == Role.OWNER && last(handle, tenant)) {
      return lastOwner();
    }
    return Grants.fault(handle, tenant.organizationId(), after.role(), after.projects());
  }

  private static boolean last(Handle handle, Tenant tenant) {
    return TeamStore.owners(handle, tenant.organizationId()) <= 1;
  }

  private static <T> Outcome<T> lastOwner() {
    return new Outcome.Conflict<>(
        "last_owner", "An organization keeps an owner (expected: another owner first).");
  }

  private Outcome<TeamMember> write(
      Handle handle, Tenant tenant, Actor actor, TeamMember before, TeamMember after) {
    String organization = tenant.organizationId();
    TeamStore.update(handle, organization, after);
    List<String> disabled =
        keys.disableOf(
            handle,
            tenant,
            after.personId(),
            key -> beyond(after, key),
            "its owner may not have it any more",
            actor);
    ObjectNode detail = AuditLog.detail();
    describe(detail.putObject("before"), before);
    describe(detail.putObject("after"), after);
    disabled.forEach(detail.putArray("disabled_keys")::add);
    writes.told(handle, tenant, actor, KIND, "edit", after.personId(), detail);
    return Outcome.done(TeamStore.find(handle, organization, after.personId()).orElseThrow());
  }

  /// Whether a personal key may more than its owner now.
  static boolean beyond(TeamMember owner, ApiKey key) {
    boolean manages = owner.role() == Role.OWNER || owner.role() == Role.ADMIN;
    return key.kind() == ApiKey.Kind.ADMIN
        ? !manages
        : owner.role() == Role.DEVELOPER && !owner.projects().contains(key.tenant().projectId());
  }

  private static void describe(ObjectNode into, TeamMember member) {
    into.put("role", member.role().word());
    ArrayNode projects = into.putArray("projects");
    member.projects().stream().sorted().forEach(projects::add);
  }

  /// Who is out, and which personal keys are disabled with that.
  record Removed(TeamMember member, List<String> disabledKeys) {}

  /// Takes somebody out; oneself = leaves. Personal keys are disabled, the projects' go on.
  Outcome<Removed> remove(ApiCaller caller, String personId, IfMatch seen) {
    Tenant tenant = caller.tenant();
    return writes.run(
        tenant,
        handle -> {
          TeamMember before =
              TeamStore.find(handle, tenant.organizationId(), personId).orElse(null);
          boolean self =
              caller.principal() instanceof Principal.InOrganization
                  && caller.id().equals(personId);
          Power power = Power.of(handle, caller, writes.now());
          if (before == null || !(self || power != null || knows(caller, before))) {
            return new Outcome.Absent<>(KIND);
          }
          if (!self && (power == null || !power.reaches(before.role()))) {
            return new Outcome.Denied<>(
                "This needs the permission member.write, over owners that of an owner.");
          }
          seen.require(before.tag());
          if (before.role() == Role.OWNER && power != null && !power.proved()) {
            return new Outcome.Unproved<>();
          }
          if (before.role() == Role.OWNER && last(handle, tenant)) {
            return lastOwner();
          }
          return Outcome.done(remove(handle, tenant, caller.actor(), before));
        });
  }

  /// Whether somebody who may take nobody out may know that a member is there.
  private static boolean knows(ApiCaller caller, TeamMember member) {
    return switch (caller.principal()) {
      case Principal.InOrganization person ->
          switch (person.member().role()) {
            case OWNER, ADMIN, VIEWER -> true;
            case BILLING -> false;
            case DEVELOPER ->
                member.role() != Role.BILLING
                    && (member.role() != Role.DEVELOPER
                        || member.projects().stream()
                            .anyMatch(person.member().projects()::contains));
          };
      case Principal.KeyHolder _, Principal.Operator _, Principal.Local _ -> true;
      case Principal.Person _ -> false;
    };
  }

  private Removed remove(Handle handle, Tenant tenant, Actor actor, TeamMember member) {
    TeamStore.delete(handle, tenant.organizationId(), member.personId());
    List<String> disabled = keys.disableOf(handle, tenant, member.personId(), actor);
    ObjectNode detail = AuditLog.detail();
    describe(detail, member);
    disabled.forEach(detail.putArray("disabled_keys")::add);
    writes.told(handle, tenant, actor, KIND, "remove", member.personId(), detail);
    return new Removed(member, disabled);
  }
}
