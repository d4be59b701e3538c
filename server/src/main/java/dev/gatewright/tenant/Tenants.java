package dev.gatewright.tenant;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.Tenant;
import dev.gatewright.store.Database;
import java.util.List;
import java.util.Optional;

/// Which organizations there are for whom, as the store says this moment: a role that was lowered a
/// moment ago is lowered. Blocks; thread-safe.
public final class Tenants implements Memberships {
  private final Database lookUps;
  private final Tenant platform;

  /// @param lookUps the store by its lane for look-ups
  /// @param platform the platform owner's organization and its first project
  public Tenants(Database lookUps, Tenant platform) {
    this.lookUps = lookUps;
    this.platform = platform;
  }

  @Override
  public List<Member> of(String personId) {
    return lookUps.read(handle -> MemberStore.of(handle, personId, MOST));
  }

  @Override
  public Optional<Member> in(String organizationId, String personId) {
    return lookUps.read(handle -> MemberStore.find(handle, organizationId, personId));
  }

  @Override
  public Optional<Tenant> tenant(String organizationId) {
    return lookUps.read(handle -> AccountStore.firstProject(handle, organizationId));
  }

  @Override
  public Tenant platform() {
    return platform;
  }
}
