package dev.gatewright.tenant.team;

import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Addresses;
import dev.gatewright.tenant.TenantWrites;
import java.util.ArrayList;
import java.util.List;

/// All REST of who belongs to an organization.
public final class TeamApi {
  private final MemberApi members;
  private final InvitationApi invitations;

  public TeamApi(
      TenantWrites writes,
      KeyChanges keys,
      Addresses addresses,
      InvitationLinks links,
      TeamMails mails,
      Time time) {
    this.members = new MemberApi(new Team(writes, keys), new Ownership(writes, mails));
    this.invitations =
        new InvitationApi(
            new Invitations(writes, links, mails),
            new Acceptance(writes, mails),
            addresses,
            links,
            time);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>(members.routes());
    routes.addAll(invitations.routes());
    return new Resource("tenant_team", routes);
  }
}
