package dev.gatewright.ledger.lease;

import dev.gatewright.ledger.LedgerConfig;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this instance's lease, and takes over those that have ended.
///
/// A lease is a counter its owner raises. Another instance takes over when it has seen the counter
/// stand still for long enough *by its own steady clock, while it could read the store all along*.
/// So clocks that differ take nothing over, and neither does a store that was away for a minute and
/// stopped everybody's renewals alike.
public final class Instances implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Instances.class);

  private final InstanceStore store;
  private final Database.Kind kind;
  private final Time time;
  private final LedgerConfig config;
  private final Lessee lessee;
  private final Consumer<Instance> takeOver;
  private final Map<String, Sighting> sightings = new HashMap<>();
  private final Thread thread;
  private long lookedNanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param beat the counter
  /// @param sinceNanos when it was first seen at this value
  private record Sighting(long beat, long sinceNanos) {}

  /// @param takeOver records what a fenced instance left; may be called again for the same one
  public Instances(
      InstanceStore store,
      Database.Kind kind,
      Time time,
      LedgerConfig config,
      Lessee lessee,
      Consumer<Instance> takeOver) {
    this.store = store;
    this.kind = kind;
    this.time = time;
    this.config = config;
    this.lessee = lessee;
    this.takeOver = takeOver;
    this.lookedNanos = time.nanos();
    this.thread = Thread.ofPlatform().name("instance-lease").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    long wait = 0;
    try {
      while (!closed.await(wait, TimeUnit.NANOSECONDS)) {
        wait = renewed() ? config.renewEvery().toNanos() : config.renewEvery().toNanos() / 5;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean renewed() {
    try {
      round();
      return true;
    } catch (RuntimeException e) {
      LOG.warn("the lease could not be renewed: {}", e.getMessage());
      return false;
    }
  }

  /// One renewal and one look at the others. On SQLite there is nothing to renew: the folder's lock
  /// is ours, so nobody can be waiting for us to die, and whoever else stands here is dead and was
  /// fenced at the start.
  void round() {
    String own = lessee.instance();
    if (kind == Database.Kind.POSTGRES) {
      boolean held = store.beat(own, time.millis()).filter(row -> !row.fenced()).isPresent();
      if (!held) {
        lessee.leaseLost(own);
      }
    }
    lessee.writeForm(store.formOfAll());
    look(own, store.instances());
  }

  private void look(String own, List<Instance> instances) {
    long now = time.nanos();
    if (now - lookedNanos > 2 * config.renewEvery().toNanos()) {
      // We were away, or the store was: what looks still may only have been unseen.
      sightings.clear();
    }
    lookedNanos = now;
    sightings.keySet().retainAll(instances.stream().map(Instance::id).toList());
    for (Instance instance : instances) {
      if (!instance.id().equals(own) && (instance.fenced() || expired(instance, now))) {
        takeOver.accept(instance);
      }
    }
  }

  private boolean expired(Instance instance, long now) {
    if (kind == Database.Kind.SQLITE) {
      return false;
    }
    Sighting sighting = sightings.get(instance.id());
    if (sighting == null || sighting.beat() != instance.beat()) {
      sightings.put(instance.id(), new Sighting(instance.beat(), now));
      return false;
    }
    if (now - sighting.sinceNanos() < config.expireAfter().toNanos()
        || !store.fence(instance.id(), instance.beat())) {
      return false;
    }
    LOG.warn("instance {} has shown no sign of life: taken over", instance.id());
    return true;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
