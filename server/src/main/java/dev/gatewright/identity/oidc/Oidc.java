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
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.team.GroupSync;
import java.util.List;

/// The wiring of signing in by identity providers. Thread-safe.
public final class Oidc {
  private final OidcApi api;
  private final Fetch fetch;
  private final Time time;

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
    this.fetch = fetch;
    this.time = time;
    api = new OidcApi(signIns, browsers, sessions);
    configure(configs);
  }

  /// Puts edited providers in force; one that is as it was keeps what it knows.
  public void configure(List<OidcConfig> edited) {
    api.providers(before ->
        edited.stream()
            .map(config -> {
              OidcProvider same = before.get(config.id());
              return same != null && same.config().equals(config)
                  ? same
                  : new OidcProvider(config, fetch, time);
            })
            .toList());
  }

  public List<ApiRoute> routes() {
    return api.routes();
  }
}
