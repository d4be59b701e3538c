package dev.gatewright.identity.session;

import dev.gatewright.account.SessionWatch;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.id.Ids;
import dev.gatewright.identity.person.Person;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Organizations;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of sessions: begun, found by their token, given another token, ended. A token is 256
/// random bits; the store holds its HMAC. What is over on one replica is over on all within a
/// second. Blocks; thread-safe.
public final class Sessions implements AutoCloseable {
  /// Of one person; a further one ends the oldest.
  static final int OF_PERSON_MAX = 50;

  private static final int TOKEN_BYTES = 32;
  private static final int CLEARED_MAX = 100;
  private static final long SEEN_MILLIS = 60_000;

  /// Beyond this the feed may hide an end: the store is asked each time.
  private static final Duration STALENESS_MAX = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Tenant platform;
  private final Macs macs;
  private final Time time;
  private final SessionMemory memory;
  private final SessionEnds ends;
  private final SecureRandom random = new SecureRandom();

  /// @param platform whose chain tells of sign-ins
  /// @param macs under the key for sessions
  public Sessions(
      Database database, ChangeFeed feed, AuditLog audit, Tenant platform, Macs macs, Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.platform = platform;
    this.macs = macs;
    this.time = time;
    Database lookUps = database.on(Lane.LOOK_UPS);
    this.memory = new SessionMemory(lookUps, time);
    feed.listen(
        Session.CHANGE_KIND, change -> memory.forget(each -> each.id().equals(change.id())));
    for (String kind : List.of(Person.CHANGE_KIND, Organizations.MEMBER_KIND)) {
      feed.listen(kind, change -> memory.forget(each -> each.personId().equals(change.id())));
    }
    feed.listenGap(memory::forgetAll);
    this.ends = SessionEnds.start(lookUps, feed, time);
  }

  public SessionWatch watch() {
    return ends;
  }

  /// A session whose token came.
  ///
  /// @param current false = by the token before, which is good for moments only
  record Found(Session session, String mac, boolean current) {}

  /// Begins a session, inside the transaction in which its person proved to be it.
  public Opened begin(Handle handle, String personId, Place place) {
    return begin(handle, personId, place, null);
  }

  /// @param life how long it lasts at most; null = as all do
  public Opened begin(Handle handle, String personId, Place place, @Nullable Duration life) {
    clear(handle, personId, time.millis());
    Long until = life == null ? null : (Long) (time.millis() + life.toMillis());
    Opened opened = insert(handle, personId, place, null, null, until);
    audit.append(
        handle,
        platform,
        place.person(personId),
        "session.create",
        opened.sessionId(),
        AuditLog.detail());
    return opened;
  }

  /// @param parentId an operator's own session, for one that acts for an organization
  Opened insert(
      Handle handle,
      String personId,
      Place place,
      @Nullable String parentId,
      SignedIn.@Nullable Acting acting) {
    return insert(handle, personId, place, parentId, acting, null);
  }

  private Opened insert(
      Handle handle,
      String personId,
      Place place,
      @Nullable String parentId,
      SignedIn.@Nullable Acting acting,
      @Nullable Long untilMillis) {
    long now = time.millis();
    Secret token = token();
    String id = Ids.uuid7("ses_", now);
    long standing = SessionStore.standing(handle, personId);
    SessionStore.insert(
        handle,
        new Session(
            id,
            personId,
            "",
            false,
            true,
            mac(token),
            null,
            standing,
            standing,
            now,
            now,
            now,
            now,
            place.address(),
            place.agent(),
            parentId,
            acting,
            untilMillis));
    return new Opened(id, token, now + Session.LIFE_MAX.toMillis());
  }

  private void clear(Handle handle, String personId, long now) {
    SessionStore.clear(
        handle, now - Session.LIFE_MAX.toMillis(), now - Session.IDLE_MAX.toMillis(), CLEARED_MAX);
    List<Session> there = SessionStore.of(handle, personId, OF_PERSON_MAX + CLEARED_MAX);
    for (int i = OF_PERSON_MAX - 1; i < there.size(); i++) {
      delete(handle, there.get(i));
    }
  }

  /// The session of a token; null = none, or none any more.
  @Nullable Found find(Secret token) {
    String mac = mac(token);
    long now = time.millis();
    Session held = feed.stalenessMillis() > STALENESS_MAX.toMillis() ? null : memory.held(mac);
    Found found = held == null ? null : judge(held, mac, now);
    if (found == null) {
      // Used on another replica, it may live longer than memory says.
      Session read = memory.read(mac);
      found = read == null ? null : judge(read, mac, now);
    }
    if (found != null && now - found.session.seenMillis() >= SEEN_MILLIS) {
      seen(found, now);
    }
    return found;
  }

  /// A session that is good, as the store says.
  @Nullable Session good(Handle handle, String id) {
    return SessionStore.byId(handle, id)
        .filter(session -> session.good(time.millis()))
        .orElse(null);
  }

  /// Whose session a token that was just made is.
  public SignedIn signedIn(Opened opened) {
    Found found = find(opened.token());
    if (found == null) {
      throw new IllegalStateException(opened.sessionId() + " ended as it began");
    }
    return found.session.signedIn(false);
  }

  /// Whether memory has it: asking for what it has not costs a look at the store.
  boolean remembers(Secret token) {
    return memory.held(mac(token)) != null;
  }

  private static @Nullable Found judge(Session session, String mac, long now) {
    if (!session.good(now)) {
      return null;
    }
    boolean current = session.mac().equals(mac);
    Session.Previous previous = session.previous();
    boolean overlap =
        previous != null && previous.mac().equals(mac) && now < previous.untilMillis();
    return current || overlap ? new Found(session, mac, current) : null;
  }

  private void seen(Found found, long now) {
    Session session = found.session;
    memory.seen(found.mac, session.seen(now));
    database
        .writeLater(handle -> {
          SessionStore.seen(handle, session.personId(), session.id(), now);
          return true;
        })
        .exceptionally(failure -> {
          LOG.warn("a session's use was not written down: {}", failure.getMessage());
          return false;
        });
  }

  /// Gives a session another token when it is time; null = it is not, or somebody else just did.
  @Nullable Opened renew(Found found) {
    if (!found.current || !found.session.renewalDue(time.millis())) {
      return null;
    }
    return database.writeOrNull(
        handle -> rotate(handle, found.session, found.session.provedMillis()));
  }

  /// Notes that the person proved to be it, and gives another token: the old one does not count for
  /// what asks for proof.
  ///
  /// @return null when the session is over
  public @Nullable Opened proved(Handle handle, SignedIn who, Place place) {
    Session session = good(handle, who.sessionId());
    if (session == null) {
      return null;
    }
    audit.append(
        handle,
        platform,
        place.person(who.personId()).via(session.id()),
        "session.step_up",
        session.id(),
        AuditLog.detail());
    return rotate(handle, session, time.millis());
  }

  @Nullable Opened rotate(Handle handle, Session session, long provedMillis) {
    Secret token = token();
    if (!SessionStore.rotate(handle, session, mac(token), provedMillis, time.millis())) {
      return null;
    }
    feed.append(handle, Session.CHANGE_KIND, null, session.id());
    return new Opened(session.id(), token, session.createdMillis() + Session.LIFE_MAX.toMillis());
  }

  /// A person's own, newest first.
  List<Session> of(String personId) {
    long now = time.millis();
    return database.read(handle -> SessionStore.of(handle, personId, OF_PERSON_MAX)).stream()
        .filter(session -> session.good(now))
        .toList();
  }

  /// Ends one of a person's.
  ///
  /// @return false when the person has no such session
  public boolean end(String personId, String id, Place place) {
    return database.write(handle -> {
      audit.lock(handle, platform);
      Session session = SessionStore.byId(handle, id).orElse(null);
      return session != null && session.personId().equals(personId) && end(handle, session, place);
    });
  }

  /// Ends all of a person's but this one.
  ///
  /// @param exceptId empty = all
  public void endOthers(String personId, String exceptId, Place place) {
    database.write(handle -> {
      audit.lock(handle, platform);
      for (Session each : new ArrayList<>(SessionStore.of(handle, personId, OF_PERSON_MAX))) {
        if (!each.id().equals(exceptId) && !exceptId.equals(each.parentId())) {
          end(handle, each, place);
        }
      }
      return true;
    });
  }

  /// The same for one that somebody else says is over, inside a transaction that has the platform's
  /// lock.
  public void endTold(Handle handle, String id, Place place) {
    SessionStore.byId(handle, id).ifPresent(session -> end(handle, session, place));
  }

  private boolean end(Handle handle, Session session, Place place) {
    audit.append(
        handle,
        platform,
        place.person(session.personId()),
        "session.end",
        session.id(),
        AuditLog.detail());
    return delete(handle, session);
  }

  boolean delete(Handle handle, Session session) {
    List<String> gone = SessionStore.delete(handle, session.personId(), session.id());
    gone.forEach(each -> feed.append(handle, Session.CHANGE_KIND, null, each));
    return !gone.isEmpty();
  }

  /// The value of `set-cookie` that gives a browser this token.
  public String cookie(Site site, Opened opened) {
    long seconds = Math.max(1, (opened.endsMillis() - time.millis()) / 1000);
    return site.set(opened.token().expose(), seconds);
  }

  /// The value of `set-cookie` that takes it away.
  public String cleared(Site site) {
    return site.clear();
  }

  /// What a page must send with each change it makes by this session.
  public String csrfToken(String sessionId) {
    return macs.text("csrf", sessionId);
  }

  private String mac(Secret token) {
    return token.use(text -> macs.text("session", text));
  }

  private Secret token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Override
  public void close() {
    ends.close();
  }
}
