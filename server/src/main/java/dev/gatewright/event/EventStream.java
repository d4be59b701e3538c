package dev.gatewright.event;

import dev.gatewright.account.SessionWatch;
import dev.gatewright.account.SignedIn;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.Cursors;
import dev.gatewright.store.StoreFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One reader's stream: first what it missed since the id it brings, then what happens, until
/// either side ends it. Written on its request's own thread; the rest is thread-safe.
final class EventStream implements Answer.Streaming, AutoCloseable {
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final Events events;
  private final Cursors cursors;
  private final SignedIn session;
  private final Reach reach;
  private final String id;
  private final @Nullable String lastEventId;
  private final EventQueue queue = new EventQueue();
  private Position begun = Position.of(0, 0);
  private Position position = Position.of(0, 0);
  private SessionWatch.@Nullable Watch watch;

  /// Its number among all streams of all replicas, and the greatest of another one of the session;
  /// guarded by this.
  private long number;

  private long numberHeard;

  /// @param id of its own
  /// @param lastEventId as the browser brings it; null = a new reader
  EventStream(
      Events events,
      Cursors cursors,
      SignedIn session,
      Reach reach,
      String id,
      @Nullable String lastEventId) {
    this.events = events;
    this.cursors = cursors;
    this.session = session;
    this.reach = reach;
    this.id = id;
    this.lastEventId = lastEventId;
  }

  String organizationId() {
    return reach.organizationId();
  }

  String personId() {
    return reach.personId();
  }

  String sessionId() {
    return session.sessionId();
  }

  String id() {
    return id;
  }

  EventQueue queue() {
    return queue;
  }

  /// From here on all is offered; before any of it.
  void begun(Position at) {
    begun = at;
    queue.offer(List.of(), at);
  }

  void watched(SessionWatch.Watch by) {
    watch = by;
  }

  /// What happened, to whoever it may concern.
  void offer(List<Event> happened, Position end) {
    queue.offer(seen(happened), end);
  }

  private List<Event> seen(List<Event> happened) {
    List<Event> seen = new ArrayList<>();
    for (Event event : happened) {
      Event mine = reach.seen(event);
      if (mine != null) {
        seen.add(mine);
      }
    }
    return seen;
  }

  /// The session has opened another one, here or elsewhere.
  synchronized void another(long itsNumber) {
    numberHeard = Math.max(numberHeard, itsNumber);
    if (number > 0 && numberHeard > number) {
      queue.end(Ending.REPLACED);
    }
  }

  synchronized void numbered(long own) {
    number = own;
    another(0);
  }

  @Override
  public void write(OutputStream out) throws IOException {
    EventFrames frames = new EventFrames(cursors, organizationId(), out);
    try (this) {
      Ending why;
      try {
        catchUp(frames);
        why = follow(frames);
      } catch (StoreFailed away) {
        why = Ending.UNAVAILABLE;
      }
      frames.end(why, position);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void catchUp(EventFrames frames) throws IOException {
    position = begun;
    if (lastEventId == null) {
      frames.begin(position);
      return;
    }
    Position last = EventFrames.position(cursors, organizationId(), lastEventId);
    if (last == null) {
      frames.begin(position);
      frames.resync("unknown_id", position);
      return;
    }
    // Another replica may have told more than this one has heard of yet.
    Position end = begun.exceededBy(last) ? events.reader().end(organizationId()) : begun;
    if (!EventReader.reachable(last, end.furthest(begun))) {
      frames.begin(position);
      frames.resync("too_old", position);
      return;
    }
    position = last;
    frames.begin(position);
    events
        .reader()
        .between(
            organizationId(),
            last,
            begun,
            happened -> position = frames.events(unread(seen(happened)), position));
    position = position.furthest(begun);
  }

  private List<Event> unread(List<Event> some) {
    return some.stream().filter(position::before).toList();
  }

  private Ending follow(EventFrames frames) throws IOException, InterruptedException {
    while (true) {
      EventQueue.Taken taken = queue.take(HEARTBEAT_MILLIS);
      if (taken.ending() != null) {
        return taken.ending();
      }
      // Asked before anything is written: who may not hear it any more does not.
      if (taken.recheck() && !Objects.equals(events.reach(session, organizationId()), reach)) {
        return Ending.ACCESS_CHANGED;
      }
      if (taken.lost()) {
        position = taken.through();
        frames.resync("slow_reader", position);
      } else if (!taken.events().isEmpty()) {
        position = frames.events(unread(taken.events()), position).furthest(taken.through());
      } else if (!taken.recheck()) {
        position = position.furthest(taken.through());
        frames.heartbeat(position);
      }
    }
  }

  @Override
  public void close() {
    events.left(this);
    if (watch != null) {
      watch.close();
    }
  }
}
