package dev.gatewright.webhook;

import dev.gatewright.id.Ids;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what the outbox holds: looks twice a second, claims what it has a place for, and sends
/// each on a virtual thread. Several replicas share the work; one whose process dies is claimed
/// again a minute later. Thread-safe.
public final class Deliveries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final long POLL_MILLIS = 500;

  /// How long a claim holds: longer than a try and the write behind it can take.
  static final long CLAIM_MILLIS = 60_000;

  private static final int PAGE_ROWS = 64;
  private static final int PAGES_MAX = 16;
  private static final long SWEEP_MILLIS = 60_000;
  private static final long KEPT_MILLIS = Duration.ofDays(7).toMillis();
  private static final int PURGED_MOST = 1_000;

  private final Database database;
  private final Database lookUps;
  private final Time time;
  private final String worker;
  private final Places places = new Places();
  private final Sending sending;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().daemon().name("webhooks").unstarted(this::run);
  private long sweepAtMillis;

  private Deliveries(
      Database database,
      Keyring keyring,
      Fetch fetch,
      WebhookChanges changes,
      Sending.Terms terms) {
    this.database = database;
    this.lookUps = database.on(Lane.LOOK_UPS);
    this.time = terms.time();
    this.worker = Ids.uuid7("worker_", time.millis());
    this.sending =
        new Sending(database, new WebhookSecrets(keyring), fetch, changes, terms, worker);
  }

  public static Deliveries start(
      Database database,
      Keyring keyring,
      Fetch fetch,
      WebhookChanges changes,
      Sending.Terms terms) {
    Deliveries deliveries = new Deliveries(database, keyring, fetch, changes, terms);
    deliveries.thread.start();
    return deliveries;
  }

  private void run() {
    boolean failing = false;
    try {
      while (!stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          sweep();
          round();
          failing = false;
        } catch (RuntimeException broken) {
          if (!failing && stop.getCount() > 0) {
            LOG.warn("webhooks cannot be looked for: {}", broken.getMessage());
          }
          failing = true;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes what is due and has a place.
  private void round() {
    Set<String> passed = new HashSet<>(places.full());
    for (int page = 0; page < PAGES_MAX && places.free() > 0; page++) {
      long now = time.millis();
      List<Delivery> due = lookUps.read(handle -> OutboxStore.due(handle, now, passed, PAGE_ROWS));
      if (due.isEmpty()) {
        return;
      }
      List<Delivery> chosen = new ArrayList<>();
      for (Delivery each : due) {
        if (places.enter(each)) {
          chosen.add(each);
        } else {
          passed.add(each.webhookId());
        }
      }
      if (!chosen.isEmpty()) {
        claim(chosen, now);
      }
    }
  }

  private void claim(List<Delivery> chosen, long now) {
    List<Delivery> mine;
    try {
      mine =
          database.write(handle ->
              chosen.stream()
                  .filter(each -> OutboxStore.claim(handle, each, worker, now, now + CLAIM_MILLIS))
                  .toList());
    } catch (RuntimeException failed) {
      chosen.forEach(places::leave);
      throw failed;
    }
    for (Delivery each : chosen) {
      if (mine.contains(each)) {
        Thread.ofVirtual().name("webhook").start(() -> send(each));
      } else {
        places.leave(each);
      }
    }
  }

  private void send(Delivery claimed) {
    try {
      places.wentWell(claimed.webhookId(), sending.send(claimed));
    } catch (RuntimeException broken) {
      // It stays claimed for a minute, then somebody tries again.
      LOG.warn("delivery {} broke: {}", claimed.id(), broken.toString());
    } finally {
      places.leave(claimed);
    }
  }

  private void sweep() {
    long now = time.millis();
    if (now < sweepAtMillis && sweepAtMillis - now <= SWEEP_MILLIS) {
      return;
    }
    sweepAtMillis = now + SWEEP_MILLIS;
    database.write(handle -> {
      OutboxStore.purge(handle, now - KEPT_MILLIS, now - KEPT_MILLIS, PURGED_MOST);
      return 0;
    });
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
