package dev.gatewright.identity.oidc;

import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Role;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.identity.code.AuthWindow;
import dev.gatewright.identity.code.Browser;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.team.GroupSync;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sign-ins by an identity provider: a browser is sent there and comes back, once, to the gate it
/// left. Blocks; thread-safe.
final class OidcSignIns {
  /// Longest time at the provider.
  static final Duration FLOW_LIFE = Duration.ofMinutes(10);

  /// Groups are looked at when somebody signs in, so it is done again each day.
  static final Duration SESSION_LIFE = Duration.ofHours(12);

  private static final int OF_NETWORK_MAX = 100;
  private static final int ALL_MAX = 2_000;
  private static final int STATE_BYTES = 32;

  /// Logout tokens are younger than this, or not taken.
  private static final Duration LOGOUT_AGE_MAX = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(OidcSignIns.class);

  private final Ground on;
  private final AuthWindow window;
  private final SecureRandom random = new SecureRandom();

  /// What it stands on.
  ///
  /// @param platform whose chain tells of sign-ins; its organization is meant where a provider's
  ///   roles name none
  record Ground(
      Database database,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      Macs macs,
      OidcPeople people,
      GroupSync groups,
      Time time) {}

  OidcSignIns(Ground on) {
    this.on = on;
    this.window = new AuthWindow(on.macs, FLOW_LIFE);
  }

  /// Where the browser is to go.
  ///
  /// @param personId who links an identity; null = nobody is signed in
  /// @return null when too many are under way
  @Nullable URI start(
      OidcProvider provider, Browser browser, String returnPath, @Nullable String personId)
      throws OidcFault {
    long now = on.time.millis();
    String network = AuthWindow.network(browser.client());
    if (!on.database.write(
        handle ->
            window.take(handle, "oidc-network", network, OF_NETWORK_MAX, now)
                && window.take(handle, "oidc-all", "", ALL_MAX, now))) {
      return null;
    }
    byte[] bytes = new byte[STATE_BYTES];
    random.nextBytes(bytes);
    String state = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    URI to = provider.start(bound(provider, browser, state));
    OidcStore.Flow flow = new OidcStore.Flow(provider.config().id(), returnPath, personId);
    on.database.write(handle -> {
      OidcStore.begin(
          handle, key(state), browser.mac(on.macs), flow, now + FLOW_LIFE.toMillis(), now);
      return true;
    });
    return to;
  }

  private OidcProvider.Bound bound(OidcProvider provider, Browser browser, String state) {
    return new OidcProvider.Bound(
        state,
        on.macs.text("oidc-nonce", state),
        on.macs.text("oidc-verifier", state),
        URI.create(
            browser.site().origin() + "/api/auth/oidc/" + provider.config().id() + "/callback"));
  }

  private String key(String state) {
    return on.macs.text("oidc-state", state);
  }

  /// What a provider's answer carries; null = not there.
  record Answered(
      @Nullable String state,
      @Nullable String code,
      @Nullable String iss,
      @Nullable String error) {}

  /// Who came back.
  ///
  /// @param opened null = who linked an identity is signed in already
  record Done(Person person, @Nullable Opened opened, String returnPath) {}

  Done finish(OidcProvider provider, Browser browser, Answered answered) throws OidcFault {
    String state = answered.state();
    long now = on.time.millis();
    if (state == null || browser.token().isEmpty()) {
      throw new OidcFault("no state, or another browser");
    }
    OidcStore.Flow flow =
        on.database
            .write(handle ->
                OidcStore.use(
                    handle, key(state), browser.mac(on.macs), provider.config().id(), now))
            .orElseThrow(() -> new OidcFault("no such state in this browser at this site"));
    String code = answered.code();
    if (!provider.answers(answered.iss())) {
      throw new OidcFault("iss is not the provider's");
    }
    if (answered.error() != null || code == null) {
      throw new OidcFault("the provider says no");
    }
    IDTokenClaimsSet claims = provider.redeem(code, bound(provider, browser, state));
    OidcPeople.Claimed claimed = claimed(claims);
    String linking = flow.personId();
    if (linking != null) {
      return new Done(link(provider, claimed, linking, browser.place()), null, flow.returnPath());
    }
    Person person = person(provider, claimed);
    sync(provider.config(), claims, person, browser.place());
    return new Done(person, open(provider, claims, person, browser.place()), flow.returnPath());
  }

  private static OidcPeople.Claimed claimed(IDTokenClaimsSet claims) {
    String email = claims.getStringClaim("email");
    Boolean verified = claims.getBooleanClaim("email_verified");
    return new OidcPeople.Claimed(
        claims.getSubject().getValue(),
        email == null ? null : EmailAddress.parse(email),
        Boolean.TRUE.equals(verified));
  }

  /// A check inside a transaction that says why not.
  private interface Check {
    Person find(org.jdbi.v3.core.Handle handle) throws OidcFault;
  }

  /// @param fault null = none
  private record Judged(@Nullable Person person, @Nullable OidcFault fault) {}

  private Person judged(Check check) throws OidcFault {
    Judged judged =
        on.database.write(handle -> {
          on.audit.lock(handle, on.platform);
          try {
            return new Judged(check.find(handle), null);
          } catch (OidcFault fault) {
            return new Judged(null, fault);
          }
        });
    if (judged.fault != null) {
      throw judged.fault;
    }
    return Objects.requireNonNull(judged.person);
  }

  private Person person(OidcProvider provider, OidcPeople.Claimed claimed) throws OidcFault {
    long now = on.time.millis();
    return judged(handle -> on.people.find(handle, provider.config(), claimed, now));
  }

  private Person link(
      OidcProvider provider, OidcPeople.Claimed claimed, String personId, Place place)
      throws OidcFault {
    long now = on.time.millis();
    return judged(handle -> {
      Person person = on.people.link(handle, provider.config(), claimed, personId, now);
      on.audit.append(
          handle,
          on.platform,
          place.person(personId),
          "identity.link",
          personId,
          AuditLog.detail().put("provider", provider.config().id()));
      return person;
    });
  }

  private Opened open(OidcProvider provider, IDTokenClaimsSet claims, Person person, Place place) {
    long now = on.time.millis();
    String sid = claims.getStringClaim("sid");
    return on.database.write(handle -> {
      on.audit.lock(handle, on.platform);
      Opened opened = on.sessions.begin(handle, person.id(), place, SESSION_LIFE);
      OidcStore.began(
          handle,
          new OidcStore.Began(
              opened.sessionId(),
              provider.config().id(),
              claims.getSubject().getValue(),
              sid == null ? "" : sid,
              person.id()),
          now + SESSION_LIFE.toMillis(),
          now);
      return opened;
    });
  }

  private void sync(OidcConfig config, IDTokenClaimsSet claims, Person person, Place place) {
    String claim = config.groupsClaim();
    if (claim == null) {
      return;
    }
    List<String> groups = claims.getClaim(claim) == null ? null : claims.getStringListClaim(claim);
    if (groups == null) {
      // Entra leaves it out above 200 groups: that somebody is in none it does not say.
      LOG.warn(
          "auth.oidc.{}: no {} in the token of {}: memberships stay as they are",
          config.id(),
          claim,
          person.id());
      return;
    }
    Role role =
        groups.stream()
            .map(config.roles()::get)
            .filter(Objects::nonNull)
            .min(Role::compareTo)
            .orElse(null);
    String organization =
        config.organization() == null ? on.platform.organizationId() : config.organization();
    Actor actor = place.person(person.id());
    GroupSync.Synced synced =
        on.groups.sync(organization, person.id(), role, "oidc:" + config.id(), actor);
    switch (synced) {
      case SAME, CHANGED -> {}
      case LAST_OWNER ->
          LOG.warn(
              "auth.oidc.{}: {} is the last owner of {} and stays one",
              config.id(),
              person.id(),
              organization);
      case NO_ORGANIZATION ->
          LOG.warn("auth.oidc.{}: there is no organization {}", config.id(), organization);
    }
  }

  /// Ends what a logout token names; one that came before ends nothing.
  void logout(OidcProvider provider, String token, Place place) throws OidcFault {
    LogoutTokenClaimsSet claims = provider.logout(token);
    long now = on.time.millis();
    if (Math.abs(now - claims.getIssueTime().toInstant().toEpochMilli())
        > LOGOUT_AGE_MAX.toMillis()) {
      throw new OidcFault("logout token: too old");
    }
    String id = provider.config().id();
    String sid = claims.getSessionID() == null ? "" : claims.getSessionID().getValue();
    String subject = claims.getSubject() == null ? "" : claims.getSubject().getValue();
    on.database.write(handle -> {
      on.audit.lock(handle, on.platform);
      long forget = now + 2 * LOGOUT_AGE_MAX.toMillis();
      if (OidcStore.firstLogout(handle, id, claims.getJWTID().getValue(), forget, now)) {
        OidcStore.sessions(handle, id, sid, subject)
            .forEach(each -> on.sessions.endTold(handle, each, place));
      }
      return true;
    });
  }

  /// The provider by which a session began; null = by none.
  @Nullable String providerOf(String sessionId) {
    return on.database.readOrNull(handle -> OidcStore.providerOf(handle, sessionId).orElse(null));
  }
}
