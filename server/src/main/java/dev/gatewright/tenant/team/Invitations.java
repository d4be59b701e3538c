package dev.gatewright.tenant.team;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Role;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.tenant.Addresses.Address;
import dev.gatewright.tenant.Outcome;
import dev.gatewright.tenant.TenantWrites;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Asks people to come, and takes that back. Blocks; thread-safe.
public final class Invitations {
  static final String KIND = "invitation";

  /// Each of them is a mail to somebody.
  private static final int OPEN_MAX = 500;

  private final TenantWrites writes;
  private final InvitationLinks links;
  private final TeamMails mails;

  public Invitations(TenantWrites writes, InvitationLinks links, TeamMails mails) {
    this.writes = writes;
    this.links = links;
    this.mails = mails;
  }

  /// @param mailed a mail with the link is on its way
  record Made(Invitation invitation, boolean mailed) {}

  /// One that is open for the same address gives way to the new one.
  ///
  /// @param site the host at which it is made
  Outcome<Made> create(
      ApiCaller caller, String site, Address address, Role role, Set<String> projects) {
    return writes.run(
        caller.tenant(),
        handle -> {
          Outcome<Made> fault = fault(handle, caller, address, role, projects);
          if (fault != null) {
            return fault;
          }
          String organization = caller.tenant().organizationId();
          InvitationStore.openFor(handle, organization, address.key())
              .ifPresent(
                  former -> close(handle, caller, former, Invitation.State.WITHDRAWN, "withdraw"));
          return Outcome.done(insert(handle, caller, site, address, role, projects));
        });
  }

  private @Nullable Outcome<Made> fault(
      Handle handle, ApiCaller caller, Address address, Role role, Set<String> projects) {
    String organization = caller.tenant().organizationId();
    Power power = Power.of(handle, caller, writes.now());
    if (power == null) {
      return new Outcome.Denied<>(Team.GONE);
    }
    if (!power.grants(role)) {
      return new Outcome.Denied<>(
          "The role %s may more than yours, %s; nobody invites beyond the own role."
              .formatted(role.word(), power.role().word()));
    }
    if (role == Role.OWNER && !power.proved()) {
      return new Outcome.Unproved<>();
    }
    if (TeamStore.hasAddress(handle, organization, address.key())) {
      return Outcome.conflict("This address belongs to a member already.");
    }
    if (InvitationStore.countOpen(handle, organization) >= OPEN_MAX) {
      return Outcome.conflict(
          "%d invitations are open (expected: fewer; withdraw some)".formatted(OPEN_MAX));
    }
    return Grants.fault(handle, organization, role, projects);
  }

  private Made insert(
      Handle handle,
      ApiCaller caller,
      String site,
      Address address,
      Role role,
      Set<String> projects) {
    long now = writes.now();
    Invitation made =
        new Invitation(
            Ids.uuid7("inv_", now),
            caller.tenant().organizationId(),
            address.text(),
            address.key(),
            role,
            projects,
            Invitation.State.OPEN,
            caller.id(),
            1,
            now,
            now + Invitation.LIFE.toMillis(),
            null);
    InvitationStore.insert(handle, made, InvitationLinks.mac(links.token(made.id())));
    boolean mailed = mails.invite(handle, site, made);
    // No address: the chain stays when a person is erased.
    ObjectNode detail = AuditLog.detail().put("role", role.word());
    projects.stream().sorted().forEach(detail.putArray("projects")::add);
    writes.told(handle, caller.tenant(), caller.actor(), KIND, "create", made.id(), detail);
    return new Made(made, mailed);
  }

  /// Those that came to nothing are seen as well: who invited whom stays visible.
  List<Invitation> list(ApiCaller caller, Invitation.State state, String after, int rowsMax) {
    // Who sees only some members is asked by nobody whom to invite.
    return caller.extent().confined()
        ? List.of()
        : writes.read(handle ->
            InvitationStore.list(handle, caller.tenant().organizationId(), state, after, rowsMax));
  }

  Optional<Invitation> find(ApiCaller caller, String id) {
    return caller.extent().confined()
        ? Optional.empty()
        : writes.read(handle -> InvitationStore.find(handle, caller.tenant().organizationId(), id));
  }

  Outcome<Invitation> withdraw(ApiCaller caller, String id, IfMatch seen) {
    String organization = caller.tenant().organizationId();
    return writes.run(
        caller.tenant(),
        handle -> {
          Invitation before = InvitationStore.find(handle, organization, id).orElse(null);
          if (before == null) {
            return new Outcome.Absent<>(KIND);
          }
          Power power = Power.of(handle, caller, writes.now());
          if (power == null || !power.reaches(before.role())) {
            return new Outcome.Denied<>(Team.GONE);
          }
          seen.require(before.tag());
          if (before.state() == Invitation.State.ACCEPTED) {
            return Outcome.conflict("It is accepted already (expected: remove the member).");
          }
          if (before.state() == Invitation.State.OPEN) {
            close(handle, caller, before, Invitation.State.WITHDRAWN, "withdraw");
          }
          return Outcome.done(before);
        });
  }

  private void close(
      Handle handle, ApiCaller caller, Invitation invitation, Invitation.State state, String act) {
    InvitationStore.close(handle, invitation, state, null);
    writes.told(
        handle, caller.tenant(), caller.actor(), KIND, act, invitation.id(), AuditLog.detail());
  }
}
