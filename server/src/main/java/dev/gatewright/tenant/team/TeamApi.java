package dev.gatewright.tenant.team;

import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Addresses;
import dev.gatewright.tenant.TenantWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// All REST of who belongs to an organization.
public final class TeamApi {
  private final MemberApi members;
  private final InvitationApi invitations;

  /// @param console where people reach this gate, without a final slash
  public TeamApi(
      TenantWrites writes,
      KeyChanges keys,
      Addresses addresses,
      Supplier<String> console,
      Time time) {
    this.members = new MemberApi(new Team(writes, keys), new Ownership(writes));
    this.invitations =
        new InvitationApi(
            new Invitations(writes), new Acceptance(writes), addresses, console, time);
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>(members.routes());
    routes.addAll(invitations.routes());
    return new Resource("tenant_team", routes);
  }
}
