package dev.gatewright.identity.pairing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.Principal;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Place;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.rest.Permission;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Command lines that are signed in from elsewhere (RFC 8628). The key is made when the command
/// line fetches it, by what its person may at that moment: until then it exists nowhere. Blocks;
/// thread-safe.
final class Pairings {
  static final int INTERVAL_SECONDS = 2;

  /// What one question too early adds (RFC 8628 §3.5).
  private static final int SLOWER_SECONDS = 5;

  private static final int INTERVAL_SECONDS_MAX = 30;

  /// A question that comes a little early was not sent early: networks are not even.
  private static final long EARLY_MILLIS = 500;

  private static final int CODE_TRIES = 3;

  private final Database database;
  private final AuditLog audit;
  private final Tenant platform;
  private final KeyChanges keys;
  private final Memberships memberships;
  private final Macs macs;
  private final PairingLimits limits;
  private final PairingCodes codes = new PairingCodes();
  private final Time time;

  /// @param platform whose chain tells of what concerns no organization
  Pairings(
      Database database,
      AuditLog audit,
      Tenant platform,
      KeyChanges keys,
      Memberships memberships,
      Macs macs,
      Time time) {
    this.database = database;
    this.audit = audit;
    this.platform = platform;
    this.keys = keys;
    this.memberships = memberships;
    this.macs = macs;
    this.limits = new PairingLimits(macs);
    this.time = time;
  }

  /// @param user as it is shown
  record Begun(Secret device, String user) {}

  /// @param host as it may be shown
  /// @param site the console where it is to be approved
  /// @return null when too many wait
  @Nullable Begun begin(String host, String site, InetAddress client, Place place) {
    long now = time.millis();
    if (!database.write(handle -> limits.begin(handle, client, now))) {
      return null;
    }
    for (int i = 0; i < CODE_TRIES; i++) {
      Secret device = codes.device();
      String user = codes.user();
      Pairing fresh =
          new Pairing(
              Ids.uuid7("pair_", now),
              host,
              place.address(),
              site,
              Pairing.State.OPEN,
              null,
              null,
              null,
              now,
              INTERVAL_SECONDS,
              now,
              now + Pairing.LIFE.toMillis());
      if (database.write(
          handle -> PairingStore.insert(handle, fresh, deviceMac(device), userMac(user)))) {
        return new Begun(device, PairingCodes.shown(user));
      }
    }
    throw new IllegalStateException("codes of pairings are taken again and again");
  }

  /// What a command line is told that asks.
  sealed interface Poll {
    record Pending() implements Poll {}

    /// @param seconds to wait from now on
    record SlowDown(long seconds) implements Poll {}

    record Denied() implements Poll {}

    /// Or there never was one.
    record Expired() implements Poll {}

    record Made(KeyChanges.Made key, Person person) implements Poll {}
  }

  /// @param site at which is asked
  Poll poll(Secret device, String site, String requestId, InetAddress client) {
    String mac = deviceMac(device);
    long now = time.millis();
    Pairing pairing =
        database
            .read(handle -> PairingStore.byDevice(handle, mac, now))
            .filter(each -> each.site().equals(site))
            .orElse(null);
    if (pairing == null) {
      return new Poll.Expired();
    }
    return switch (pairing.state()) {
      case OPEN -> waits(pairing, now);
      case DENIED -> new Poll.Denied();
      case DONE -> new Poll.Expired();
      case APPROVED -> fetch(pairing, requestId, client);
    };
  }

  private Poll waits(Pairing pairing, long now) {
    long interval = pairing.intervalSeconds();
    boolean early = now - pairing.polledMillis() < interval * 1_000 - EARLY_MILLIS;
    long next = early ? Math.min(INTERVAL_SECONDS_MAX, interval + SLOWER_SECONDS) : interval;
    if (!early || next != interval) {
      database.write(handle -> {
        PairingStore.polled(handle, pairing.id(), next, now);
        return true;
      });
    }
    return early ? new Poll.SlowDown(next) : new Poll.Pending();
  }

  private Poll fetch(Pairing pairing, String requestId, InetAddress client) {
    String personId = Objects.requireNonNull(pairing.personId());
    String organizationId = Objects.requireNonNull(pairing.organizationId());
    Member member = memberships.in(organizationId, personId).orElse(null);
    if (member == null) {
      return new Poll.Denied();
    }
    Tenant tenant = new Tenant(organizationId, member.firstProject());
    return database.write(handle -> {
      audit.lock(handle, tenant);
      Person person = PersonStore.byId(handle, personId).filter(Person::active).orElse(null);
      if (!PairingStore.end(handle, pairing.id(), Pairing.State.APPROVED, Pairing.State.DONE)) {
        return new Poll.Expired();
      }
      return person == null
          ? new Poll.Denied()
          : make(handle, pairing, person, member, tenant, requestId, client);
    });
  }

  private Poll make(
      Handle handle,
      Pairing pairing,
      Person person,
      Member member,
      Tenant tenant,
      String requestId,
      InetAddress client) {
    long now = time.millis();
    NewKey wanted =
        new NewKey(
            tenant,
            ApiKey.Kind.ADMIN,
            pairing.keyName(),
            0,
            now + Pairing.KEY_LIFE.toMillis(),
            KeyPower.WHOLE,
            KeyNotes.NONE.ownedBy(person.id()));
    String sessionId = Objects.requireNonNull(pairing.sessionId());
    SignedIn session = new SignedIn(person.id(), person.email(), sessionId, false, now, null);
    ApiCaller caller =
        new ApiCaller(
            new Principal.InOrganization(session, member),
            tenant,
            Extent.ALL,
            requestId,
            client.getHostAddress(),
            "");
    return switch (keys.create(handle, wanted, caller)) {
      case KeyChanges.Creation.Good(KeyChanges.Made made) -> new Poll.Made(made, person);
      case KeyChanges.Creation.Denied _, KeyChanges.Creation.Wrong _ -> new Poll.Denied();
    };
  }

  /// What a person typed a code of.
  sealed interface Found {
    record Open(Pairing pairing) implements Found {}

    record None() implements Found {}

    /// The person guessed too often.
    record TooMany() implements Found {}
  }

  /// @param site at which the person is signed in
  /// @param code as it was typed
  Found find(SignedIn who, String site, @Nullable String code) {
    long now = time.millis();
    String plain = PairingCodes.plain(code);
    if (!database.write(handle -> limits.tryAs(handle, who.personId(), now))) {
      return new Found.TooMany();
    }
    Pairing pairing =
        plain == null
            ? null
            : database
                .read(handle -> PairingStore.byUser(handle, userMac(plain), now))
                .filter(each -> each.state() == Pairing.State.OPEN && each.site().equals(site))
                .orElse(null);
    if (pairing == null) {
      return new Found.None();
    }
    database.write(handle -> {
      limits.succeededAs(handle, who.personId(), now);
      return true;
    });
    return new Found.Open(pairing);
  }

  /// @param member where the person may make admin keys
  /// @return false when somebody else decided on it first
  boolean approve(SignedIn who, Pairing pairing, Member member, Place place) {
    Tenant tenant = new Tenant(member.organizationId(), member.firstProject());
    return database.write(handle -> {
      audit.lock(handle, tenant);
      if (!PairingStore.approve(
          handle, pairing.id(), who.personId(), who.sessionId(), member.organizationId())) {
        return false;
      }
      audit.append(
          handle,
          tenant,
          place.person(who.personId()).via(who.sessionId()),
          "pairing.approve",
          pairing.id(),
          told(pairing));
      return true;
    });
  }

  /// @return false when somebody else decided on it first
  boolean deny(SignedIn who, Pairing pairing, Place place) {
    return database.write(handle -> {
      audit.lock(handle, platform);
      if (!PairingStore.end(handle, pairing.id(), Pairing.State.OPEN, Pairing.State.DENIED)) {
        return false;
      }
      audit.append(
          handle,
          platform,
          place.person(who.personId()).via(who.sessionId()),
          "pairing.deny",
          pairing.id(),
          told(pairing));
      return true;
    });
  }

  private static ObjectNode told(Pairing pairing) {
    return AuditLog.detail().put("host", pairing.host()).put("address", pairing.address());
  }

  /// Whether a member's role lets it have admin keys.
  static boolean mayHaveAdminKey(Member member) {
    Extent extent = member.role().extent(Permission.KEY_WRITE);
    return extent != Extent.NONE && !extent.confined();
  }

  private String deviceMac(Secret device) {
    return device.use(text -> macs.text("pairing-device", text));
  }

  private String userMac(String code) {
    return macs.text("pairing-user", code);
  }
}
