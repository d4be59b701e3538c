package dev.gatewright.identity;

import dev.gatewright.account.Memberships;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.SessionWatch;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.code.Codes;
import dev.gatewright.identity.code.People;
import dev.gatewright.identity.oidc.Oidc;
import dev.gatewright.identity.pairing.PairingApi;
import dev.gatewright.identity.pairing.WhoAmI;
import dev.gatewright.identity.passkey.PasskeyApi;
import dev.gatewright.identity.passkey.Passkeys;
import dev.gatewright.identity.session.Acting;
import dev.gatewright.identity.session.ActingApi;
import dev.gatewright.identity.session.ActingMail;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.SessionApi;
import dev.gatewright.identity.session.SessionDoor;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.SiteApi;
import dev.gatewright.identity.session.Sites;
import dev.gatewright.identity.setup.Setup;
import dev.gatewright.identity.setup.SetupApi;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.mail.Mail;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.team.InvitationStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The wiring of people: who they are, how they sign in, what stands for them. Thread-safe.
public final class Identity implements AutoCloseable {
  private final IdentityConfig config;
  private final Ground ground;
  private final Macs loginMacs;
  private final Sessions sessions;
  private final Browsers browsers;
  private final SessionAdmission admission;
  private final Sites sites;
  private final Acting acting;
  private final SessionApi sessionApi;
  private final Codes codes;
  private final Passkeys passkeys;
  private final Oidc oidc;
  private final Setup setup;

  /// What the parts of identity stand on.
  ///
  /// @param platform the organization of the first start, whose chain tells of sign-ins
  public record Ground(
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      KeyChanges keys,
      Tenant platform,
      Memberships memberships,
      DataFolder folder,
      Mail mail,
      Fetch fetch,
      Consoles consoles,
      Time time) {}

  private Identity(IdentityConfig config, Ground ground, PurposeKeys keys) {
    this.config = config;
    this.ground = ground;
    loginMacs = new Macs(keys.purpose("login"));
    Macs macs = new Macs(keys.purpose("session"));
    sessions =
        new Sessions(
            ground.database, ground.feed, ground.audit, ground.platform, macs, ground.time);
    sites = new Sites(config.publicUrls());
    browsers = new Browsers(sites);
    acting =
        new Acting(
            ground.database,
            ground.audit,
            ground.platform,
            sessions,
            new ActingMail(ground.mail, ground.database, ground.consoles, ground.time),
            ground.time);
    admission = new SessionDoor(sessions, browsers, acting, ground.time);
    sessionApi = new SessionApi(sessions, browsers, ground.memberships, acting);
    passkeys =
        new Passkeys(
            config.passkeys(),
            ground.database,
            ground.audit,
            ground.platform,
            sessions,
            loginMacs,
            ground.time);
    codes =
        new Codes(
            ground.database,
            ground.audit,
            ground.platform,
            sessions,
            browsers,
            sessionApi,
            config.signUp(),
            passkeys::byCode,
            loginMacs,
            ground.mail,
            ground.consoles,
            ground.time);
    oidc =
        new Oidc(
            config.oidc(),
            ground.database,
            ground.feed,
            ground.audit,
            ground.keys,
            ground.platform,
            sessions,
            browsers,
            new People(config.signUp(), InvitationStore::invited),
            loginMacs,
            ground.fetch,
            ground.time);
    setup =
        new Setup(
            ground.database,
            ground.feed,
            ground.audit,
            ground.platform,
            sessions,
            macs,
            ground.folder,
            config.ownerEmail(),
            ground.time);
  }

  public static Identity start(IdentityConfig config, Ground ground, PurposeKeys keys) {
    return new Identity(config, ground, keys);
  }

  /// Puts edited `sites` and `auth` in force.
  public void configure(IdentityConfig edited) {
    sites.configure(config.publicUrls(edited.siteUrls()));
    passkeys.configure(edited.passkeys());
    oidc.configure(edited.oidc());
  }

  /// Whom the door asks about cookies.
  public SessionAdmission admission() {
    return admission;
  }

  /// For what runs on for a session.
  public SessionWatch watch() {
    return sessions.watch();
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>(sessionApi.routes());
    routes.addAll(codes.routes());
    routes.addAll(new ActingApi(acting, sessions, browsers, sessionApi).routes());
    routes.addAll(
        new SetupApi(setup, sessions, browsers, sessionApi, config.setupRemote(), ground.consoles)
            .routes());
    routes.addAll(
        new PairingApi(
                ground.database,
                ground.audit,
                ground.platform,
                ground.keys,
                ground.memberships,
                loginMacs,
                ground.consoles,
                ground.time)
            .routes());
    routes.addAll(
        new PasskeyApi(
                passkeys,
                codes.signIns()::proves,
                sessions,
                browsers,
                sessionApi,
                ground.consoles,
                ground.time)
            .routes());
    routes.addAll(oidc.routes());
    routes.add(new WhoAmI(ground.database).route());
    routes.add(new SiteApi(ground.consoles).route());
    return new Resource("identity", routes);
  }

  /// The link by which a gate that nobody owns is claimed; null once somebody does.
  public @Nullable Secret setupLink() {
    Setup.Link link =
        setup.link(config.setupRemote() ? ground.consoles.usual() : ground.consoles.nearby());
    return link == null ? null : link.text();
  }

  @Override
  public void close() {
    sessions.close();
  }
}
