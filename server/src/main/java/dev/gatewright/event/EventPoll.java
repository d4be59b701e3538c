package dev.gatewright.event;

import dev.gatewright.edge.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that looks for what happens in the organizations somebody listens to, and gives
/// it to every stream: soon after the change feed tells of something, else twice a second; not at
/// all while nobody listens. Thread-safe.
final class EventPoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventPoll.class);
  private static final long LOOK_MILLIS = 500;
  private static final Refusal LEAVING = Refusal.overloaded("The gate is shutting down.", 1);

  /// Between two looks at least, however much happens.
  private static final long REST_MILLIS = 100;

  private final EventReader reader;
  private final EventShares shares;
  private final ReentrantLock lock = new ReentrantLock();

  /// By organization; guarded by the lock.
  private final Map<String, Followed> followed = new HashMap<>();

  private final Semaphore nudges = new Semaphore(0);
  private final Thread thread;
  private volatile boolean draining;

  /// An organization somebody listens to, how far all its streams have been told, and these.
  private static final class Followed {
    Position end;
    final List<EventStream> streams = new ArrayList<>();

    Followed(Position end) {
      this.end = end;
    }
  }

  EventPoll(EventReader reader, EventShares shares) {
    this.reader = reader;
    this.shares = shares;
    this.thread = Thread.ofPlatform().name("events").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Begins to tell a stream; one of the same session ends. Blocks.
  ///
  /// @return why not: whose share is full, or the process is leaving; null = it has begun
  @Nullable Refusal enter(EventStream stream) {
    Position end = reader.end(stream.organizationId());
    lock.lock();
    try {
      Followed there = followed.computeIfAbsent(stream.organizationId(), _ -> new Followed(end));
      followed.values().stream()
          .flatMap(each -> each.streams.stream())
          .filter(each -> each.sessionId().equals(stream.sessionId()))
          .forEach(each -> each.queue().end(Ending.REPLACED));
      Refusal refusal = draining ? LEAVING : refusal(stream, there);
      if (refusal != null) {
        forget(stream.organizationId(), there);
        return refusal;
      }
      stream.begun(there.end);
      there.streams.add(stream);
    } finally {
      lock.unlock();
    }
    nudges.release();
    return null;
  }

  private @Nullable Refusal refusal(EventStream stream, Followed there) {
    List<EventStream> open =
        followed.values().stream()
            .flatMap(each -> each.streams.stream())
            .filter(each -> !each.queue().ending())
            .toList();
    return shares.refusal(
        open.size(),
        there.streams.stream().filter(each -> !each.queue().ending()).count(),
        open.stream().filter(each -> each.personId().equals(stream.personId())).count());
  }

  void leave(EventStream stream) {
    lock.lock();
    try {
      Followed there = followed.get(stream.organizationId());
      if (there != null && there.streams.remove(stream)) {
        forget(stream.organizationId(), there);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(String organizationId, Followed there) {
    if (there.streams.isEmpty()) {
      followed.remove(organizationId);
    }
  }

  List<EventStream> all() {
    lock.lock();
    try {
      return followed.values().stream().flatMap(each -> each.streams.stream()).toList();
    } finally {
      lock.unlock();
    }
  }

  List<EventStream> of(String organizationId) {
    lock.lock();
    try {
      Followed there = followed.get(organizationId);
      return there == null ? List.of() : List.copyOf(there.streams);
    } finally {
      lock.unlock();
    }
  }

  /// Something has happened there.
  void nudge(String organizationId) {
    if (!of(organizationId).isEmpty()) {
      nudges.release();
    }
  }

  void drain() {
    draining = true;
    all().forEach(stream -> stream.queue().end(Ending.SHUTTING_DOWN));
  }

  private void run() {
    boolean failing = false;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (all().isEmpty()) {
          nudges.acquire();
        } else if (nudges.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          nudges.drainPermits();
        }
        look();
        failing = false;
        Thread.sleep(REST_MILLIS);
      } catch (InterruptedException closed) {
        return;
      } catch (RuntimeException failed) {
        if (!failing) {
          LOG.warn("events: {} (trying again until it is back)", failed.getMessage());
        }
        failing = true;
      }
    }
  }

  private void look() {
    Map<String, Followed> now;
    lock.lock();
    try {
      now = Map.copyOf(followed);
    } finally {
      lock.unlock();
    }
    if (now.isEmpty()) {
      return;
    }
    Map<String, Position> ends = reader.ends(now.keySet());
    now.forEach((organizationId, there) -> {
      Position end = ends.get(organizationId);
      if (end != null && !end.equals(there.end)) {
        tell(organizationId, there, end);
      }
    });
  }

  private void tell(String organizationId, Followed there, Position end) {
    if (!EventReader.reachable(there.end, end)) {
      // More than is kept, or the store was put back to an older state.
      told(there, end, stream -> stream.queue().lose(end));
      return;
    }
    reader.between(
        organizationId,
        there.end,
        end,
        happened -> {
          Position to = there.end.with(happened.getLast());
          told(there, to, stream -> stream.offer(happened, to));
        });
    told(there, end, stream -> stream.offer(List.of(), end));
  }

  private void told(Followed there, Position to, Consumer<EventStream> each) {
    lock.lock();
    try {
      there.streams.forEach(each);
      there.end = to;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    drain();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
