package dev.gatewright.identity.code;

import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Codes that come back. Each try is counted before the code is compared, so that guesses that come
/// together are no more than guesses one after the other. Blocks; thread-safe.
public final class SignIns {
  private final Database database;
  private final AuditLog audit;
  private final Tenant platform;
  private final Sessions sessions;
  private final Macs macs;
  private final AuthLimits limits;
  private final People people;
  private final Rule rule;
  private final Time time;

  /// Whether somebody may sign in by a code at all.
  @FunctionalInterface
  public interface Rule {
    boolean allows(Handle handle, String personId);
  }

  /// @param platform whose chain tells of sign-ins
  SignIns(
      Database database,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      Macs macs,
      AuthLimits limits,
      People people,
      Rule rule,
      Time time) {
    this.database = database;
    this.audit = audit;
    this.platform = platform;
    this.sessions = sessions;
    this.macs = macs;
    this.limits = limits;
    this.people = people;
    this.rule = rule;
    this.time = time;
  }

  /// Begins a session for whoever proves to read the mail of an address; null = nobody does.
  @Nullable Opened signIn(EmailAddress email, String code, Browser browser) {
    if (!proves(email, code, browser)) {
      return null;
    }
    return database.writeOrNull(handle -> {
      audit.lock(handle, platform);
      Optional<Person> person = people.come(handle, email, time.millis());
      return person.isEmpty() || !rule.allows(handle, person.get().id())
          ? null
          : sessions.begin(handle, person.get().id(), browser.place());
    });
  }

  /// Notes that a person proved to be it once more; null = it did not.
  @Nullable Opened stepUp(SignedIn who, String code, Browser browser) {
    EmailAddress email = EmailAddress.parse(who.email());
    if (email == null || !proves(email, code, browser)) {
      return null;
    }
    return database.writeOrNull(handle -> {
      audit.lock(handle, platform);
      return rule.allows(handle, who.personId())
          ? sessions.proved(handle, who, browser.place())
          : null;
    });
  }

  private enum Proof {
    GOOD,
    BAD,
    /// Bad, and the last try of the day of browsers that are not known.
    LAST_BAD
  }

  private boolean proves(EmailAddress email, String code, Browser browser) {
    long now = time.millis();
    if (!database.write(handle -> limits.tryFrom(handle, browser.client(), now))) {
      return false;
    }
    boolean known = browser.known(macs, email.key(), now);
    Proof proof = database.write(handle -> compare(handle, email, code, browser, known, now));
    if (proof == Proof.GOOD) {
      database.write(handle -> {
        limits.succeededFrom(handle, browser.client(), now);
        return true;
      });
    } else if (proof == Proof.LAST_BAD) {
      tellLockOut(email, browser);
    }
    return proof == Proof.GOOD;
  }

  /// The same in one transaction.
  public boolean proves(Handle handle, EmailAddress email, String code, Browser browser) {
    long now = time.millis();
    boolean known = browser.known(macs, email.key(), now);
    return limits.tryFrom(handle, browser.client(), now)
        && compare(handle, email, code, browser, known, now) == Proof.GOOD;
  }

  private Proof compare(
      Handle handle, EmailAddress email, String code, Browser browser, boolean known, long now) {
    String keyMac = CodeRequests.keyMac(macs, email);
    Optional<String> flow = LoginFlowStore.takeTry(handle, browser.mac(macs), keyMac, now);
    if (flow.isEmpty()) {
      return Proof.BAD;
    }
    AuthLimits.Tries tries = known ? AuthLimits.Tries.LEFT : limits.tryAs(handle, email.key(), now);
    if (tries == AuthLimits.Tries.NONE) {
      return Proof.BAD;
    }
    boolean good =
        LoginCode.matches(LoginCode.of(macs, flow.get(), email.key()), code)
            && LoginFlowStore.use(handle, flow.get(), now);
    if (good && !known) {
      limits.succeededAs(handle, email.key(), now);
    }
    return good ? Proof.GOOD : tries == AuthLimits.Tries.LAST ? Proof.LAST_BAD : Proof.BAD;
  }

  private void tellLockOut(EmailAddress email, Browser browser) {
    database.write(handle -> {
      audit.lock(handle, platform);
      PersonStore.find(handle, email)
          .ifPresent(person ->
              audit.denied(
                  handle,
                  platform,
                  browser.place().person(person.id()),
                  "session.locked_out",
                  person.id(),
                  AuditLog.detail()));
      return true;
    });
  }
}
