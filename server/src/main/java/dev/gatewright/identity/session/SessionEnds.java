package dev.gatewright.identity.session;

import dev.gatewright.account.SessionWatch;
import dev.gatewright.identity.person.Person;
import dev.gatewright.store.Database;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the ends of the sessions that are watched: those a change tells of at once, those that end
/// by themselves within a second. Holds one small object a watched stream. Thread-safe.
final class SessionEnds implements SessionWatch, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);
  private static final long TICK_MILLIS = 500;

  private final Database database;
  private final Time time;
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

  /// What is to be looked at now; how many wait is bounded by how many are watched.
  private final BlockingQueue<Watched> due = new LinkedBlockingQueue<>();

  private final Thread thread;

  private SessionEnds(Database database, Time time) {
    this.database = database;
    this.time = time;
    this.thread = Thread.ofVirtual().name("session-ends").unstarted(this::run);
  }

  /// @param database by its lane for look-ups
  static SessionEnds start(Database database, ChangeFeed feed, Time time) {
    SessionEnds ends = new SessionEnds(database, time);
    feed.listen(Session.CHANGE_KIND, change -> ends.look(each -> each.id.equals(change.id())));
    feed.listen(Person.CHANGE_KIND, change -> ends.look(each -> each.personId.equals(change.id())));
    feed.listenGap(() -> ends.look(_ -> true));
    ends.thread.start();
    return ends;
  }

  /// A stream's session. Compared by identity.
  private final class Watched implements Watch {
    final String id;
    final Runnable ended;
    volatile String personId = "";
    volatile long endsMillis;
    volatile boolean queued;

    Watched(String id, Runnable ended) {
      this.id = id;
      this.ended = ended;
    }

    @Override
    public void close() {
      watched.remove(this);
    }
  }

  @Override
  public Watch watch(String sessionId, Runnable ended) {
    Watched one = new Watched(sessionId, ended);
    watched.add(one);
    queue(one);
    return one;
  }

  private void look(Predicate<Watched> which) {
    watched.stream().filter(which).forEach(this::queue);
  }

  private void queue(Watched one) {
    if (!one.queued) {
      one.queued = true;
      due.add(one);
    }
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Watched one = due.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (one == null) {
          long now = time.millis();
          look(each -> each.endsMillis <= now);
        } else {
          one.queued = false;
          check(one);
        }
      } catch (InterruptedException _) {
        return;
      } catch (StoreFailed away) {
        // Looked at again with the next tick: what is not known to be over goes on.
        LOG.warn("watched sessions: {}", away.getMessage());
      }
    }
  }

  private void check(Watched one) {
    if (!watched.contains(one)) {
      return;
    }
    Session session = database.read(handle -> SessionStore.byId(handle, one.id)).orElse(null);
    if (session != null && session.good(time.millis())) {
      one.personId = session.personId();
      one.endsMillis = session.endsMillis();
    } else if (watched.remove(one)) {
      Thread.ofVirtual().start(one.ended);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
