package dev.gatewright.identity.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.Actor;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.identity.code.AuthWindow;
import dev.gatewright.identity.code.Browser;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Problem;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Passkeys of persons: added, asked for, taken away. A challenge is one browser's, for one
/// purpose, answered once within five minutes. Blocks; thread-safe.
public final class Passkeys {
  static final Duration CHALLENGE_LIFE = Duration.ofMinutes(5);

  /// How long somebody new, or reset, may add a first passkey by a mailed code where passkeys are
  /// required.
  static final Duration FIRST_WITHIN = Duration.ofHours(24);

  private static final int OF_NETWORK_MAX = 100;
  private static final int ALL_MAX = 2_000;
  private static final int CHALLENGE_BYTES = 32;
  private static final long KEEP_PROOFS_MILLIS = Duration.ofDays(1).toMillis();

  private volatile PasskeyConfig config;
  private final Database database;
  private final AuditLog audit;
  private final Tenant platform;
  private final Sessions sessions;
  private final Macs macs;
  private final AuthWindow window;
  private final Time time;
  private final SecureRandom random = new SecureRandom();
  private volatile @Nullable Ceremony ceremony;

  /// @param platform whose chain tells of sign-ins
  public Passkeys(
      PasskeyConfig config,
      Database database,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      Macs macs,
      Time time) {
    this.config = config;
    this.database = database;
    this.audit = audit;
    this.platform = platform;
    this.sessions = sessions;
    this.macs = macs;
    this.window = new AuthWindow(macs, CHALLENGE_LIFE);
    this.time = time;
  }

  /// Puts edited settings in force.
  public void configure(PasskeyConfig edited) {
    config = edited;
  }

  PasskeyConfig config() {
    return config;
  }

  /// What a challenge is for.
  enum Purpose {
    REGISTER("register"),
    SIGN_IN("sign-in"),
    STEP_UP("step-up");

    private final String word;

    Purpose(String word) {
      this.word = word;
    }
  }

  /// Whether a person may sign in, and prove to be it, by a mailed code: where passkeys are
  /// required, only who has none. Part of the caller's transaction.
  public boolean byCode(Handle handle, String personId) {
    return !config.required() || PasskeyStore.of(handle, personId).isEmpty();
  }

  /// @param personId whose it must be; null = whoever answers
  /// @return base64url; null when too many are asked for
  @Nullable String challenge(Browser browser, Purpose purpose, @Nullable String personId) {
    byte[] bytes = new byte[CHALLENGE_BYTES];
    random.nextBytes(bytes);
    String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    long now = time.millis();
    String network = AuthWindow.network(browser.client());
    boolean asked =
        database.write(handle -> {
          if (!window.take(handle, "passkey-network", network, OF_NETWORK_MAX, now)
              || !window.take(handle, "passkey-all", "", ALL_MAX, now)) {
            return false;
          }
          PasskeyStore.ask(
              handle,
              key(challenge),
              browser.mac(macs),
              purpose.word,
              personId,
              now + CHALLENGE_LIFE.toMillis(),
              now);
          return true;
        });
    return asked ? challenge : null;
  }

  private String key(String challenge) {
    return macs.text("passkey-challenge", challenge);
  }

  /// Takes the challenge an answer is to, which is good once, whatever the answer.
  ///
  /// @return null when it is none of this browser's
  private @Nullable String taken(
      JsonNode answer, Browser browser, Purpose purpose, @Nullable String personId) {
    String challenge = challengeOf(answer);
    long now = time.millis();
    boolean good =
        challenge != null
            && database.write(handle ->
                PasskeyStore.answer(
                    handle, key(challenge), browser.mac(macs), purpose.word, personId, now));
    return good ? challenge : null;
  }

  private static @Nullable String challengeOf(JsonNode answer) {
    try {
      byte[] client = Base64.getUrlDecoder().decode(answer.at("/response/clientDataJSON").asText());
      String challenge = Json.tree(client).path("challenge").asText();
      return challenge.matches("[A-Za-z0-9_-]{43}") ? challenge : null;
    } catch (IllegalArgumentException | Problem unreadable) {
      return null;
    }
  }

  List<Passkey> of(String personId) {
    return database.read(handle -> PasskeyStore.of(handle, personId));
  }

  /// The random bytes that stand for a person in authenticators, base64url.
  String handleOf(String personId) {
    return database.read(handle -> PersonStore.handle(handle, personId));
  }

  /// Why a person may not add one now; null = may.
  ///
  /// @param who proved to be it lately, by whatever
  @Nullable String refusal(SignedIn who) {
    long now = time.millis();
    return database.readOrNull(handle -> {
      List<Passkey> there = PasskeyStore.of(handle, who.personId());
      if (there.size() >= Passkey.OF_PERSON_MAX) {
        return "%d passkeys (expected: fewer; remove one)".formatted(there.size());
      }
      if (!config.required()) {
        return null;
      }
      if (!there.isEmpty()) {
        return byPasskey(handle, who, now)
            ? null
            : "Passkeys are required here: a further one is added by who has just proved to be it by a"
                + " passkey.";
      }
      boolean fresh =
          PersonStore.createdMillis(handle, who.personId()) > now - FIRST_WITHIN.toMillis()
              || PasskeyStore.isReset(handle, who.personId(), now);
      return fresh
          ? null
          : "Passkeys are required here, and a mailed code does not add one: an operator resets it"
              + " (gatewright passkeys reset EMAIL).";
    });
  }

  private static boolean byPasskey(Handle handle, SignedIn who, long now) {
    return PasskeyStore.provedSince(handle, who.sessionId(), now - SignedIn.PROOF_MILLIS);
  }

  /// @param origin where the page is
  /// @param rpId the name it is made for
  /// @return null when the answer is not good
  @Nullable Passkey register(
      SignedIn who,
      Browser browser,
      JsonNode answer,
      String name,
      Set<String> origins,
      String rpId) {
    String challenge = taken(answer, browser, Purpose.REGISTER, who.personId());
    if (challenge == null) {
      return null;
    }
    Ceremony.Registered good =
        ceremony().register(answer.toString(), new Ceremony.Expected(challenge, origins, rpId));
    if (good == null) {
      return null;
    }
    long now = time.millis();
    Passkey fresh =
        new Passkey(
            Ids.uuid7("pk_", now),
            good.credentialId(),
            who.personId(),
            rpId,
            name,
            good.data(),
            good.counter(),
            good.synced(),
            false,
            now,
            null);
    return database.writeOrNull(handle -> {
      audit.lock(handle, platform);
      if (!PasskeyStore.insert(handle, fresh)) {
        return null;
      }
      PasskeyStore.resetUsed(handle, who.personId());
      PasskeyStore.proved(handle, who.sessionId(), now, now - KEEP_PROOFS_MILLIS);
      audit.append(
          handle,
          platform,
          browser.place().person(who.personId()),
          "passkey.create",
          fresh.id(),
          AuditLog.detail().put("synced", fresh.synced()));
      return fresh;
    });
  }

  /// What an answer to a challenge comes to.
  sealed interface Proof {
    record Good(Person person, Opened opened) implements Proof {}

    record Bad() implements Proof {}

    /// The passkey may have been copied: a code of the person's mail is asked for as well.
    record CodeToo(Person person) implements Proof {}
  }

  /// @param who is signed in and proves once more to be it; null = signs in
  /// @param code whether the person has proved to read the own mail, where the passkey is suspect
  Proof prove(
      @Nullable SignedIn who,
      Browser browser,
      JsonNode answer,
      Set<String> origins,
      CodeProof code) {
    Purpose purpose = who == null ? Purpose.SIGN_IN : Purpose.STEP_UP;
    String personId = who == null ? null : who.personId();
    String challenge = taken(answer, browser, purpose, personId);
    Passkey passkey =
        challenge == null
            ? null
            : database.readOrNull(handle ->
                PasskeyStore.byCredential(handle, answer.path("id").asText()).orElse(null));
    if (challenge == null
        || passkey == null
        || (personId != null && !passkey.personId().equals(personId))) {
      return new Proof.Bad();
    }
    Ceremony.Proved proved =
        ceremony()
            .prove(
                answer.toString(),
                passkey,
                new Ceremony.Expected(challenge, origins, passkey.rpId()));
    return proved == null
        ? new Proof.Bad()
        : database.write(handle -> judged(handle, who, browser, passkey, proved, code));
  }

  /// Whether a code proves that somebody reads the mail of an address.
  @FunctionalInterface
  interface CodeProof {
    boolean good(Handle handle, EmailAddress email);
  }

  private Proof judged(
      Handle handle,
      @Nullable SignedIn who,
      Browser browser,
      Passkey passkey,
      Ceremony.Proved proved,
      CodeProof code) {
    long now = time.millis();
    audit.lock(handle, platform);
    Person person =
        PersonStore.byId(handle, passkey.personId()).filter(Person::active).orElse(null);
    if (person == null
        || (proved.userHandle() != null
            && !proved.userHandle().equals(PersonStore.handle(handle, person.id())))) {
      return new Proof.Bad();
    }
    boolean fell =
        !passkey.synced()
            && (proved.counter() != 0 || passkey.counter() != 0)
            && proved.counter() <= passkey.counter();
    if (fell && !passkey.suspect()) {
      audit.append(
          handle,
          platform,
          browser.place().person(person.id()),
          "passkey.suspect",
          passkey.id(),
          AuditLog.detail());
    }
    boolean suspect = passkey.suspect() || fell;
    EmailAddress email = EmailAddress.parse(person.email());
    boolean cleared = suspect && email != null && code.good(handle, email);
    long counter = Math.max(passkey.counter(), proved.counter());
    if (!PasskeyStore.used(handle, passkey, counter, suspect && !cleared, now)) {
      return new Proof.Bad();
    }
    if (suspect && !cleared) {
      return new Proof.CodeToo(person);
    }
    Opened opened =
        who == null
            ? sessions.begin(handle, person.id(), browser.place())
            : sessions.proved(handle, who, browser.place());
    if (opened == null) {
      return new Proof.Bad();
    }
    PasskeyStore.proved(handle, opened.sessionId(), now, now - KEEP_PROOFS_MILLIS);
    return new Proof.Good(person, opened);
  }

  /// Takes one of a person's away; false when there is none of this id.
  boolean remove(SignedIn who, Browser browser, String id) {
    return database.write(handle -> {
      audit.lock(handle, platform);
      if (!PasskeyStore.delete(handle, who.personId(), id)) {
        return false;
      }
      audit.append(
          handle,
          platform,
          browser.place().person(who.personId()),
          "passkey.delete",
          id,
          AuditLog.detail());
      return true;
    });
  }

  /// Takes all of a person's away, who may add a first one anew by a mailed code.
  ///
  /// @return null when nobody has the address
  @Nullable Person reset(EmailAddress email, Actor actor) {
    long now = time.millis();
    return database.writeOrNull(handle -> {
      audit.lock(handle, platform);
      Person person = PersonStore.find(handle, email).orElse(null);
      if (person != null) {
        PasskeyStore.deleteAll(handle, person.id());
        PasskeyStore.reset(handle, person.id(), now + FIRST_WITHIN.toMillis());
        audit.append(handle, platform, actor, "passkey.reset", person.id(), AuditLog.detail());
      }
      return person;
    });
  }

  private Ceremony ceremony() {
    Ceremony made = ceremony;
    if (made == null) {
      made = new Ceremony();
      ceremony = made;
    }
    return made;
  }
}
