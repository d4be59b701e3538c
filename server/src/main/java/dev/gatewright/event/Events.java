package dev.gatewright.event;

import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.SessionWatch;
import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.Refusal;
import dev.gatewright.id.Ids;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Problem;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.Change;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The open streams of this process, each of a session of its own, and what ends them: another one
/// of the same session, on whichever replica, the session's end, and whatever changes what its
/// person may see. Thread-safe.
public final class Events implements AutoCloseable {
  /// The feed's word for a stream that begins: `<session> <stream>`.
  static final String CHANGE_KIND = "event_stream";

  /// Changes after which somebody may see something else.
  private static final Set<String> ACCESS = Set.of("member", "organization", "project");

  private final Database database;
  private final ChangeFeed feed;
  private final Cursors cursors;
  private final SessionWatch sessions;
  private final Memberships memberships;
  private final Time time;
  private final EventReader reader;
  private final EventPoll poll;

  /// What streams stand on.
  ///
  /// @param lookUps the database by its lane for look-ups
  public record Ground(
      Database database,
      Database lookUps,
      ChangeFeed feed,
      Cursors cursors,
      SessionWatch sessions,
      Memberships memberships,
      Time time) {}

  private Events(Ground ground, EventShares shares) {
    this.database = ground.database;
    this.feed = ground.feed;
    this.cursors = ground.cursors;
    this.sessions = ground.sessions;
    this.memberships = ground.memberships;
    this.time = ground.time;
    this.reader = new EventReader(ground.lookUps);
    this.poll = new EventPoll(reader, shares);
  }

  public static Events start(Ground ground, EventShares shares) {
    Events events = new Events(ground, shares);
    ground.feed.follow(events::heard);
    ground.feed.listenGap(events::recheckAll);
    events.poll.start();
    return events;
  }

  /// Begins a stream; whoever gets it writes or closes it. Blocks.
  ///
  /// @throws Problem 404, 429, 503
  EventStream open(SignedIn session, String organizationId, @Nullable String lastEventId) {
    Reach reach = reach(session, organizationId);
    if (reach == null) {
      throw Problem.absent("organization");
    }
    String id = Ids.uuid7("str_", time.millis());
    EventStream stream = new EventStream(this, cursors, session, reach, id, lastEventId);
    Refusal refusal = poll.enter(stream);
    if (refusal != null) {
      throw new Problem(refusal);
    }
    try {
      stream.watched(
          sessions.watch(session.sessionId(), () -> stream.queue().end(Ending.SESSION_ENDED)));
      // What changed between the look and the entry is asked for once more, before anything else.
      stream.queue().recheck();
      stream.numbered(
          database.write(
              handle -> feed.append(handle, CHANGE_KIND, null, session.sessionId() + ' ' + id)));
      return stream;
    } catch (RuntimeException failed) {
      stream.close();
      throw failed;
    }
  }

  /// What a session may hear of an organization now; null = it does not know that it is there.
  /// Blocks.
  @Nullable Reach reach(SignedIn session, String organizationId) {
    SignedIn.Acting acting = session.acting();
    if (acting != null) {
      boolean there =
          acting.organizationId().equals(organizationId)
              && memberships.tenant(organizationId).isPresent();
      return there ? Reach.of(organizationId, session.personId(), Set.of(), acting::extent) : null;
    }
    for (Member place : memberships.of(session.personId())) {
      if (place.organizationId().equals(organizationId)) {
        return Reach.of(organizationId, session.personId(), place.projects(), place.role()::extent);
      }
    }
    return null;
  }

  EventReader reader() {
    return reader;
  }

  void left(EventStream stream) {
    poll.leave(stream);
  }

  /// On the feed's thread: quick, and without the store.
  private void heard(Change change) {
    if (change.kind().equals(CHANGE_KIND)) {
      String[] ids = change.id().split(" ", 2);
      for (EventStream stream : poll.all()) {
        if (stream.sessionId().equals(ids[0]) && !stream.id().equals(ids[1])) {
          stream.another(change.seq());
        }
      }
      return;
    }
    String organizationId = change.organizationId();
    if (organizationId == null) {
      return;
    }
    if (ACCESS.contains(change.kind())) {
      for (EventStream stream : new HashSet<>(poll.of(organizationId))) {
        if (!change.kind().equals("member") || stream.personId().equals(change.id())) {
          stream.queue().recheck();
        }
      }
    }
    poll.nudge(organizationId);
  }

  private void recheckAll() {
    poll.all().forEach(stream -> stream.queue().recheck());
  }

  /// How many are open.
  public int open() {
    return poll.all().size();
  }

  /// The process is leaving: each stream ends with a word, and none begins.
  public void drain() {
    poll.drain();
  }

  @Override
  public void close() {
    poll.close();
  }
}
