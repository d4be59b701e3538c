package dev.gatewright.service.backend;

import dev.gatewright.edge.Refusal;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One caller's place before a service's instances: in the queue, then at the instance it was
/// given, until it leaves. Confined to the caller's event loop, but for what the queue says.
public final class QueuePlace implements FairQueue.Waiter<Instance> {
  /// Instances that are out are asked every two seconds.
  private static final int OUT_SECONDS = 5;

  /// Whose place it is; hears one of the two, once, on the event loop, and leaves the place when it
  /// has ended.
  public interface Owner {
    /// Its turn has come.
    void turn(Instance free);

    /// It will not come.
    void refused(Refusal refusal);
  }

  private final Service service;
  private final String key;
  private final @Nullable String model;
  private final EventLoop loop;
  private final Time time;
  private final Owner owner;
  private final long enteredNanos;
  private @Nullable ScheduledFuture<?> patience;
  private int position;
  private long waitedMillis;
  private long takenNanos;
  private @Nullable Instance instance;
  private boolean left;

  /// @param key whose turn it is when its turn comes
  /// @param model an instance that has it loaded is preferred; null = any will do
  public QueuePlace(
      Service service, String key, @Nullable String model, EventLoop loop, Time time, Owner owner) {
    this.service = service;
    this.key = key;
    this.model = model;
    this.loop = loop;
    this.time = time;
    this.owner = owner;
    this.enteredNanos = time.nanos();
  }

  public void enter() {
    String unavailable = service.unavailable();
    if (unavailable != null) {
      owner.refused(Refusal.overloaded(unavailable, OUT_SECONDS));
      return;
    }
    switch (service.queue().enter(this)) {
      case FairQueue.Entry.Served<Instance>(Instance free) -> take(free);
      case FairQueue.Entry.Waiting<Instance>(int at) -> {
        position = at;
        long millis = service.config().queueWait().toMillis();
        patience = loop.schedule(this::waitedTooLong, millis, TimeUnit.MILLISECONDS);
      }
      case FairQueue.Entry.Full<Instance>(int at) -> {
        position = at;
        owner.refused(full());
      }
    }
  }

  private void take(Instance free) {
    instance = free;
    takenNanos = time.nanos();
    owner.turn(free);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public @Nullable String model() {
    return model;
  }

  @Override
  public void granted(Instance free) {
    loop.execute(() -> {
      if (left) {
        service.queue().give(key, free);
      } else {
        waited();
        take(free);
      }
    });
  }

  @Override
  public void displaced() {
    loop.execute(() -> {
      if (!left) {
        waited();
        String unavailable = service.unavailable();
        owner.refused(unavailable == null ? full() : Refusal.overloaded(unavailable, OUT_SECONDS));
      }
    });
  }

  private void waitedTooLong() {
    // Zero: its turn has come just now, and is on its way here.
    int at = left ? 0 : service.queue().leave(this);
    if (at > 0) {
      position = at;
      waited();
      owner.refused(
          Refusal.overloaded(
              "The call waited %d s for the service `%s`, which is as long as a call may wait."
                  .formatted(service.config().queueWait().toSeconds(), service.id()),
              service.retryAfterSeconds(position)));
    }
  }

  private void waited() {
    waitedMillis = TimeUnit.NANOSECONDS.toMillis(time.nanos() - enteredNanos);
    stopWaiting();
  }

  private void stopWaiting() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }

  private Refusal full() {
    return Refusal.overloaded(
        "The queue of the service `%s` is full: %d calls wait already."
            .formatted(service.id(), service.config().queueLength()),
        service.retryAfterSeconds(position));
  }

  /// Adds what an answer says of a wait, or of a place refused.
  public HttpHeaders write(HttpHeaders headers) {
    if (position > 0) {
      headers.set("x-gatewright-queue-position", Integer.toString(position));
      headers.set("x-gatewright-queue-wait-ms", Long.toString(waitedMillis));
    }
    return headers;
  }

  /// Gives back the place, whatever it was.
  public void leave() {
    if (left) {
      return;
    }
    left = true;
    stopWaiting();
    Instance used = instance;
    if (used != null) {
      service.took(time.nanos() - takenNanos);
      service.queue().give(key, used);
    } else {
      service.queue().leave(this);
    }
  }
}
