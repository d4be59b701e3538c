package dev.gatewright.identity.setup;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.identity.code.AuthWindow;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Opened;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// How a gate that nobody owns gets its owner: by a link that the first start prints, or by the
/// command line on its machine. Whoever claims it becomes operator and owner of the organization
/// that is there, with the projects and keys it has. Blocks; thread-safe.
public final class Setup {
  public static final Duration LINK_LIFE = Duration.ofMinutes(30);

  private static final String CHANGE_KIND = "setup";
  private static final int TOKEN_BYTES = 32;
  private static final Duration WRONG_TOKENS_WINDOW = Duration.ofMinutes(15);
  private static final int WRONG_TOKENS_MAX = 5;

  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Tenant platform;
  private final Sessions sessions;
  private final Macs macs;
  private final AuthWindow wrong;
  private final SetupFile file;
  private final @Nullable EmailAddress only;
  private final Time time;
  private final SecureRandom random = new SecureRandom();

  /// @param platform the organization of the first start
  /// @param only who alone may claim it; null = anybody who has a link
  public Setup(
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      Macs macs,
      DataFolder folder,
      @Nullable EmailAddress only,
      Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.platform = platform;
    this.sessions = sessions;
    this.macs = macs;
    this.wrong = new AuthWindow(macs, WRONG_TOKENS_WINDOW);
    this.file = new SetupFile(folder);
    this.only = only;
    this.time = time;
    feed.listen(CHANGE_KIND, _ -> file.remove());
  }

  /// @param text `{base}/console/setup#TOKEN`
  public record Link(Secret text, Instant expiresAt) {}

  /// What a try to claim the gate came to.
  public sealed interface Claim {
    /// @param opened null where nobody is at a browser
    record Done(String personId, String organizationId, @Nullable Opened opened) implements Claim {}

    /// Somebody owns it.
    record Owned() implements Claim {}

    record WrongToken() implements Claim {}

    /// Neither was this token one, and too many were not.
    record TooMany(int waitSeconds) implements Claim {}

    record WrongEmail() implements Claim {}
  }

  public boolean owned() {
    return database.read(SetupStore::owned);
  }

  /// Makes a link, good beside those made before; keeps it in the data folder.
  ///
  /// @param base scheme, host and port
  /// @return null when somebody owns the gate
  public @Nullable Link link(String base) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    long now = time.millis();
    long expires = now + LINK_LIFE.toMillis();
    boolean made =
        database.write(handle -> {
          audit.lock(handle, platform);
          if (SetupStore.owned(handle)) {
            return false;
          }
          SetupStore.insertLink(handle, macs.text("setup", token), expires, now);
          return true;
        });
    if (!made) {
      file.remove();
      return null;
    }
    Link link =
        new Link(Secret.of(base + "/console/setup#" + token), Instant.ofEpochMilli(expires));
    file.write(link.text());
    return link;
  }

  /// Claims the gate with a link's token; of all who try at once one does.
  Claim claim(
      Secret token, EmailAddress email, String organization, InetAddress client, Place place) {
    String mac = token.use(text -> macs.text("setup", text));
    return database.write(handle -> {
      audit.lock(handle, platform);
      if (SetupStore.owned(handle)) {
        return new Claim.Owned();
      }
      long now = time.millis();
      if (!SetupStore.link(handle, mac, now)) {
        // Who has the link gets in however often others of that network guess.
        String network = AuthWindow.network(client);
        return wrong.take(handle, "setup-wrong", network, WRONG_TOKENS_MAX, now)
            ? new Claim.WrongToken()
            : new Claim.TooMany(wrong.waitSeconds(now));
      }
      if (excluded(email)) {
        return new Claim.WrongEmail();
      }
      Person owner = own(handle, email, organization, place, null);
      Opened opened = sessions.begin(handle, owner.id(), place);
      feed.append(handle, Person.CHANGE_KIND, null, owner.id());
      feed.append(handle, CHANGE_KIND, null, owner.id());
      return new Claim.Done(owner.id(), platform.organizationId(), opened);
    });
  }

  /// The same for who sits at the machine.
  Claim claim(EmailAddress email, String organization, Place place, Actor actor) {
    return database.write(handle -> {
      audit.lock(handle, platform);
      if (SetupStore.owned(handle)) {
        return new Claim.Owned();
      }
      if (excluded(email)) {
        return new Claim.WrongEmail();
      }
      Person owner = own(handle, email, organization, place, actor);
      feed.append(handle, Person.CHANGE_KIND, null, owner.id());
      feed.append(handle, CHANGE_KIND, null, owner.id());
      return new Claim.Done(owner.id(), platform.organizationId(), null);
    });
  }

  private boolean excluded(EmailAddress email) {
    return only != null && !only.key().equals(email.key());
  }

  private Person own(
      Handle handle, EmailAddress email, String organization, Place place, @Nullable Actor actor) {
    long now = time.millis();
    Person person = PersonStore.findOrInsert(handle, email, now);
    PersonStore.makeOperator(handle, person.id());
    if (!SetupStore.own(handle, person.id())) {
      throw new IllegalStateException("the gate was claimed by who does not wait");
    }
    SetupStore.clearLinks(handle);
    SetupStore.rename(handle, platform.organizationId(), organization);
    SetupStore.insertOwner(handle, platform.organizationId(), person.id(), now);
    audit.append(
        handle,
        platform,
        actor == null ? place.person(person.id()) : actor,
        "platform.claim",
        person.id(),
        AuditLog.detail().put("organization", organization));
    return person;
  }
}
