package dev.gatewright.service.backend;

import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.service.preset.Probe;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// One backend of a service: how it does, and what it has to do. Thread-safe.
public final class Instance {
  /// In the order in which they are preferred.
  public enum State {
    UP,
    /// Says that it is loading a model; calls still reach it where no other instance is up.
    LOADING,
    DOWN;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final int FAILURES_MAX = 2;

  private final BaseUrl url;
  private final Upstream upstream;
  private final Runnable onChange;
  private volatile State state = State.UP;
  private volatile boolean draining;
  private volatile Set<String> loaded = Set.of();
  private volatile long latencyMillis = -1;
  private int failures;

  /// Guarded by the service's queue.
  private int busy;

  /// @param onChange runs when calls may go to it again, or may no longer; on any thread
  Instance(BaseUrl url, Upstream upstream, Runnable onChange) {
    this.url = url;
    this.upstream = upstream;
    this.onChange = onChange;
  }

  public BaseUrl url() {
    return url;
  }

  /// As in the configuration, for people.
  public String name() {
    return url.origin() + url.path();
  }

  public Upstream upstream() {
    return upstream;
  }

  public State state() {
    return state;
  }

  public boolean draining() {
    return draining;
  }

  /// New calls may go to it.
  public boolean eligible() {
    return !draining && state != State.DOWN;
  }

  /// Calls it has now; asked outside the queue only to be shown.
  public int busy() {
    return busy;
  }

  void busy(int more) {
    busy += more;
  }

  public Set<String> loaded() {
    return loaded;
  }

  boolean hasLoaded(String model) {
    return loaded.contains(model);
  }

  /// By its own word.
  public void loaded(Set<String> models) {
    loaded = Set.copyOf(models);
  }

  /// It has just answered a call for this model.
  public synchronized void served(String model) {
    if (!loaded.contains(model) && loaded.size() < 64) {
      Set<String> more = new HashSet<>(loaded);
      more.add(model);
      loaded = Set.copyOf(more);
    }
  }

  /// Of the last probe that was answered, -1 before it.
  public long latencyMillis() {
    return latencyMillis;
  }

  public void latencyMillis(long millis) {
    latencyMillis = millis;
  }

  /// Running calls go on; new ones go elsewhere.
  public void drain(boolean on) {
    draining = on;
    onChange.run();
  }

  /// It answered, whatever it said. One that is down comes back by a probe alone.
  public void answered() {
    synchronized (this) {
      failures = 0;
    }
  }

  /// No connection, or no answer.
  void failed() {
    synchronized (this) {
      failures = Math.min(failures + 1, FAILURES_MAX);
      if (failures < FAILURES_MAX || state == State.DOWN) {
        return;
      }
      state = State.DOWN;
      loaded = Set.of();
    }
    onChange.run();
  }

  /// A call to it has failed. A backend that refuses an upload half-way is not dead.
  public void over(UpstreamFailure failure) {
    switch (failure.phase()) {
      case CONNECT, FIRST_BYTE -> failed();
      case POOL, ADDRESS, SEND, IDLE -> {}
    }
  }

  /// What a probe found.
  public void found(Probe.Finding finding) {
    if (finding == Probe.Finding.DEAD) {
      failed();
      return;
    }
    State now = finding == Probe.Finding.ALIVE ? State.UP : State.LOADING;
    synchronized (this) {
      failures = 0;
      if (state == now) {
        return;
      }
      state = now;
    }
    onChange.run();
  }
}
