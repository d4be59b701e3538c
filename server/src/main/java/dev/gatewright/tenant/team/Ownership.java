package dev.gatewright.tenant.team;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.tenant.MemberStore;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.PeopleStore;
import dev.gatewright.tenant.TenantWrites;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Hands an organization to another owner. Blocks; thread-safe.
public final class Ownership {
  private final TenantWrites writes;
  private final TeamMails mails;

  public Ownership(TenantWrites writes, TeamMails mails) {
    this.writes = writes;
    this.mails = mails;
  }

  /// An owner makes another member the owner and stays as an admin. Who sits at the machine makes
  /// anybody an owner, beside those there are: for organizations whose owners are gone.
  ///
  /// @param site the host at which it is done
  Outcome<TeamMember> transfer(ApiCaller caller, String site, String personId) {
    return writes.run(
        caller.tenant(),
        handle ->
            switch (caller.principal()) {
              case Principal.Local _ -> appoint(handle, caller, site, personId);
              case Principal.InOrganization member ->
                  handOver(handle, caller, site, member.session().personId(), personId);
              case Principal.KeyHolder _, Principal.Operator _, Principal.Person _ ->
                  new Outcome.Denied<>(Team.GONE);
            });
  }

  private Outcome<TeamMember> handOver(
      Handle handle, ApiCaller caller, String site, String from, String to) {
    Tenant tenant = caller.tenant();
    String organization = tenant.organizationId();
    TeamMember giver = TeamStore.find(handle, organization, from).orElse(null);
    if (giver == null || giver.role() != Role.OWNER) {
      return new Outcome.Denied<>(Team.GONE);
    }
    if (from.equals(to)) {
      return new Outcome.Wrong<>("/person_id", to + " (expected: another member)");
    }
    TeamMember taker = TeamStore.find(handle, organization, to).orElse(null);
    if (taker == null || !PeopleStore.active(handle, to)) {
      return new Outcome.Absent<>(Team.KIND);
    }
    // First the new one: at no moment is there none.
    TeamStore.update(handle, organization, taker.as(Role.OWNER, Set.of()));
    TeamStore.update(handle, organization, giver.as(Role.ADMIN, Set.of()));
    mails.tell(
        handle, organization, new TeamMails.Change(TeamMails.Event.HANDED_OVER, site, to, from));
    writes.told(
        handle,
        tenant,
        caller.actor(),
        Organizations.KIND,
        "transfer",
        organization,
        AuditLog.detail().put("from", from).put("to", to));
    writes.number(handle, tenant, Team.KIND, to);
    writes.number(handle, tenant, Team.KIND, from);
    return Outcome.done(TeamStore.find(handle, organization, to).orElseThrow());
  }

  private Outcome<TeamMember> appoint(
      Handle handle, ApiCaller caller, String site, String personId) {
    Tenant tenant = caller.tenant();
    String organization = tenant.organizationId();
    if (!PeopleStore.active(handle, personId)) {
      return new Outcome.Absent<>("person");
    }
    TeamMember member = TeamStore.find(handle, organization, personId).orElse(null);
    if (member != null && member.role() == Role.OWNER) {
      return Outcome.done(member);
    }
    if (member == null) {
      MemberStore.insert(handle, organization, personId, Role.OWNER, Set.of(), writes.now());
    } else {
      TeamStore.update(handle, organization, member.as(Role.OWNER, Set.of()));
    }
    mails.tell(
        handle, organization, new TeamMails.Change(TeamMails.Event.APPOINTED, site, personId, ""));
    writes.told(
        handle,
        tenant,
        caller.actor(),
        Organizations.KIND,
        "set_owner",
        organization,
        AuditLog.detail().put("to", personId));
    writes.number(handle, tenant, Team.KIND, personId);
    return Outcome.done(TeamStore.find(handle, organization, personId).orElseThrow());
  }
}
