package dev.gatewright.identity.oidc;

import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.identity.code.People;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.team.GroupSync;
import java.util.List;

/// The wiring of signing in by identity providers. Thread-safe.
public final class Oidc {
  private final OidcApi api;

  public Oidc(
      List<OidcConfig> configs,
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      KeyChanges keys,
      Tenant platform,
      Sessions sessions,
      Browsers browsers,
      People people,
      Macs macs,
      Fetch fetch,
      Time time) {
    OidcSignIns signIns =
        new OidcSignIns(
            new OidcSignIns.Ground(
                database,
                audit,
                platform,
                sessions,
                macs,
                new OidcPeople(people),
                new GroupSync(new TenantWrites(database, feed, audit, time), keys),
                time));
    List<OidcProvider> providers =
        configs.stream().map(config -> new OidcProvider(config, fetch, time)).toList();
    api = new OidcApi(signIns, providers, browsers, sessions);
  }

  public List<ApiRoute> routes() {
    return api.routes();
  }
}
