package dev.gatewright.tenant.team;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.secret.Secret;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.PeopleStore;
import dev.gatewright.tenant.ProjectStore;
import dev.gatewright.tenant.TenantWrites;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// A person takes an invitation up: with its token, and with the very address it was sent to, which
/// signing in has proved. Who lacks either cannot tell it from one that is not there. Blocks;
/// thread-safe.
public final class Acceptance {
  private final TenantWrites writes;
  private final TeamMails mails;

  public Acceptance(TenantWrites writes, TeamMails mails) {
    this.writes = writes;
    this.mails = mails;
  }

  /// Where the person belongs now.
  record Joined(Organization organization, TeamMember member) {}

  /// @param site the host at which it is taken up
  Outcome<Joined> accept(Actor person, String site, Secret token) {
    return writes.run(handle -> {
      String mac = InvitationLinks.mac(token);
      Invitation found = InvitationStore.byMac(handle, mac).orElse(null);
      Tenant tenant =
          found == null
              ? null
              : OrganizationStore.tenant(handle, found.organizationId()).orElse(null);
      if (tenant == null) {
        return absent();
      }
      writes.lock(handle, tenant);
      // What was read before the lock may be of a moment ago.
      Invitation invitation = InvitationStore.byMac(handle, mac).orElse(null);
      Organization organization =
          OrganizationStore.find(handle, tenant.organizationId()).orElse(null);
      String address = PeopleStore.emailKey(handle, person.id()).orElse(null);
      if (invitation == null
          || organization == null
          || organization.state() != Organization.State.ACTIVE
          || !invitation.emailKey().equals(address)) {
        return absent();
      }
      return accept(handle, tenant, person, site, organization, invitation);
    });
  }

  private static <T> Outcome<T> absent() {
    return new Outcome.Absent<>(Invitations.KIND);
  }

  private Outcome<Joined> accept(
      Handle handle,
      Tenant tenant,
      Actor person,
      String site,
      Organization organization,
      Invitation invitation) {
    TeamMember member = TeamStore.find(handle, organization.id(), person.id()).orElse(null);
    if (invitation.state() == Invitation.State.ACCEPTED && member != null) {
      // Sent again: the first answer was lost on its way.
      return Outcome.done(new Joined(organization, member));
    }
    if (!invitation.openAt(writes.now())) {
      return absent();
    }
    if (!stands(handle, tenant, invitation)) {
      InvitationStore.close(handle, invitation, Invitation.State.VOID, null);
      writes.told(
          handle, tenant, person, Invitations.KIND, "void", invitation.id(), AuditLog.detail());
      return absent();
    }
    InvitationStore.close(handle, invitation, Invitation.State.ACCEPTED, person.id());
    if (member == null) {
      join(handle, tenant, person, site, invitation);
    }
    return Outcome.done(
        new Joined(
            organization, TeamStore.find(handle, organization.id(), person.id()).orElseThrow()));
  }

  private void join(
      Handle handle, Tenant tenant, Actor person, String site, Invitation invitation) {
    String organization = tenant.organizationId();
    // A project may have gone meanwhile.
    Set<String> projects = ProjectStore.present(handle, organization, invitation.projects());
    MemberStore.insert(
        handle, organization, person.id(), invitation.role(), projects, writes.now());
    if (invitation.role() == Role.OWNER) {
      mails.tell(
          handle,
          organization,
          new TeamMails.Change(TeamMails.Event.OWNER_JOINED, site, person.id(), ""));
    }
    ObjectNode detail =
        AuditLog.detail()
            .put("role", invitation.role().word())
            .put("invitation", invitation.id())
            .put("invited_by", invitation.invitedBy());
    writes.told(handle, tenant, person, Team.KIND, "join", person.id(), detail);
  }

  /// Whether whoever invited could do so now.
  private boolean stands(Handle handle, Tenant tenant, Invitation invitation) {
    Role role = inviter(handle, tenant.organizationId(), invitation.invitedBy());
    return role != null && invitation.role().within(role);
  }

  private @Nullable Role inviter(Handle handle, String organizationId, String id) {
    return switch (Actor.Kind.of(id)) {
      case PERSON, OPERATOR ->
          PeopleStore.active(handle, id) ? Power.role(handle, organizationId, id) : null;
      case KEY ->
          KeyStore.find(handle, organizationId, id)
              .filter(key -> KeyState.of(key.key(), writes.now()).usable())
              .filter(key -> key.key().rules().isEmpty())
              .map(_ -> Role.ADMIN)
              .orElse(null);
      case LOCAL, SYSTEM -> Role.OWNER;
    };
  }
}
