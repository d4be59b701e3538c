package dev.gatewright.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.account.Tenant;
import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each project may pay with: in memory when it was asked for lately, else read from the
/// store, once however many calls wait. Memory is bounded and holds secrets sealed only. The change
/// feed drops what has changed: at once in this process, within a second on other replicas.
/// Thread-safe; nothing here blocks an event loop.
public final class CredentialDirectory {
  /// The feed's words for what may change it.
  public static final String CHANGE_KIND = "credential";

  private static final List<String> KINDS = List.of(CHANGE_KIND, "project", "organization");

  private static final Logger LOG = LoggerFactory.getLogger(CredentialDirectory.class);
  private static final long BYTES_MAX = 32L << 20;
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  /// Projects being read at once, and calls that wait for one of them.
  private static final int READS_MAX = 64;

  private static final int WAITERS_MAX = 4_096;

  /// A project that changes while it is being read is read again so often.
  private static final int TRIES_MAX = 4;

  private static final long BLOCKING_SECONDS_MAX = 30;

  private final Database database;
  private final Keyring keyring;
  private final Cache<Tenant, ProjectCredentials> known;

  /// Guarded by itself, for a few map operations.
  private final Map<Tenant, Reading> readings = new HashMap<>();

  private int waiters;

  /// What a look came to.
  public sealed interface Found {
    record View(ProjectCredentials credentials) implements Found {}

    record Unavailable(Refusal refusal) implements Found {}
  }

  private static final class Reading {
    final List<Consumer<Found>> waiting = new ArrayList<>();
    boolean stale;
  }

  /// @param database by its lane for look-ups
  public CredentialDirectory(Database database, ChangeFeed feed, Keyring keyring, Time time) {
    this.database = database;
    this.keyring = keyring;
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher((Tenant _, ProjectCredentials view) -> view.bytes())
            .expireAfterWrite(AGE_MAX)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    for (String kind : KINDS) {
      feed.listen(
          kind,
          change -> {
            String organization = change.organizationId();
            forget(tenant -> organization == null || tenant.organizationId().equals(organization));
          });
    }
    feed.listenGap(() -> forget(_ -> true));
  }

  /// Finds what a project may pay with, for event loops. `then` runs once, on `loop`: before this
  /// returns when memory can answer and this is the loop.
  public void find(Tenant tenant, EventExecutor loop, Consumer<Found> then) {
    find(tenant, found -> on(loop, () -> then.accept(found)));
  }

  private static void on(EventExecutor loop, Runnable work) {
    if (loop.inEventLoop()) {
      work.run();
    } else {
      loop.execute(work);
    }
  }

  private void find(Tenant tenant, Consumer<Found> then) {
    ProjectCredentials view = known.getIfPresent(tenant);
    if (view != null) {
      then.accept(new Found.View(view));
      return;
    }
    boolean first = false;
    boolean room;
    synchronized (readings) {
      Reading reading = readings.get(tenant);
      room = waiters < WAITERS_MAX && (reading != null || readings.size() < READS_MAX);
      if (room) {
        first = reading == null;
        Reading joined = reading == null ? new Reading() : reading;
        readings.put(tenant, joined);
        joined.waiting.add(then);
        waiters++;
      }
    }
    if (!room) {
      then.accept(unavailable("busy"));
    } else if (first) {
      Thread.ofVirtual().name("credentials").start(() -> read(tenant));
    }
  }

  /// The same for virtual threads. Blocks.
  public Found get(Tenant tenant) {
    CompletableFuture<Found> found = new CompletableFuture<>();
    find(tenant, found::complete);
    return found
        .completeOnTimeout(unavailable("slow"), BLOCKING_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  /// Opens a stored secret from memory alone, about 2 µs; null where [#open] has to be asked.
  public @Nullable Opened openHeld(Credential stored) {
    return keyring.openHeld(
        stored.organizationId(), Credential.PURPOSE, stored.context(), stored.sealed());
  }

  /// Opens a stored secret, for event loops. `then` runs on `loop`, before this returns when memory
  /// can answer.
  public void open(Credential stored, EventExecutor loop, Consumer<Opened> then) {
    Opened held = openHeld(stored);
    if (held != null) {
      on(loop, () -> then.accept(held));
    } else {
      Thread.ofVirtual()
          .name("credentials")
          .start(() -> {
            Opened opened = opened(stored);
            loop.execute(() -> then.accept(opened));
          });
    }
  }

  /// The same for virtual threads. Blocks.
  public Opened opened(Credential stored) {
    try {
      return keyring.open(
          stored.organizationId(), Credential.PURPOSE, stored.context(), stored.sealed());
    } catch (RuntimeException away) {
      LOG.warn("credential {} could not be opened: {}", stored.id(), away.getMessage());
      return new Opened.Unavailable("failed");
    }
  }

  private void read(Tenant tenant) {
    for (int tries = 1; ; tries++) {
      ProjectCredentials view = null;
      try {
        view = database.read(handle -> CredentialStore.view(handle, tenant));
        warm(view);
      } catch (RuntimeException failure) {
        LOG.warn("credentials could not be looked up: {}", String.valueOf(failure.getMessage()));
      }
      List<Consumer<Found>> waiting = done(tenant, view, tries == TRIES_MAX);
      if (waiting != null) {
        Found found = view == null ? unavailable("store") : new Found.View(view);
        waiting.forEach(then -> tell(then, found));
        return;
      }
    }
  }

  /// The keys that secrets are sealed with come into memory here, so that no call waits for them.
  private void warm(ProjectCredentials view) {
    view.own().values().forEach(this::opened);
    view.shared().values().forEach(this::opened);
  }

  /// @return who waits; null when it was changed meanwhile and is to be read again
  private @Nullable List<Consumer<Found>> done(
      Tenant tenant, @Nullable ProjectCredentials view, boolean last) {
    synchronized (readings) {
      Reading reading = readings.get(tenant);
      if (reading == null) {
        return List.of();
      }
      if (reading.stale && !last && view != null) {
        reading.stale = false;
        return null;
      }
      readings.remove(tenant);
      waiters -= reading.waiting.size();
      if (view != null && !reading.stale) {
        known.put(tenant, view);
      }
      return reading.waiting;
    }
  }

  private static void tell(Consumer<Found> then, Found found) {
    try {
      then.accept(found);
    } catch (RuntimeException bug) {
      LOG.error("a call that waited for its credentials failed", bug);
    }
  }

  private void forget(Predicate<Tenant> whose) {
    synchronized (readings) {
      readings.forEach((tenant, reading) -> reading.stale |= whose.test(tenant));
      known.asMap().keySet().removeIf(whose);
    }
  }

  private static Found unavailable(String reason) {
    LOG.debug("credentials: {}", reason);
    return new Found.Unavailable(
        Refusal.overloaded("Credentials cannot be looked up right now; try again.", 1));
  }
}
