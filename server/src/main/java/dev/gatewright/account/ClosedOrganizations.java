package dev.gatewright.account;

import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The organizations that are on their way out or gone: no key of theirs is good for anything. In
/// memory, read anew when the feed tells of an organization; few, and one look at a small set is
/// all it costs a call. Thread-safe.
public final class ClosedOrganizations {
  /// The feed's word for what concerns organizations.
  public static final String CHANGE_KIND = "organization";

  private static final Logger LOG = LoggerFactory.getLogger(ClosedOrganizations.class);
  private static final long AGAIN_MILLIS = 250;

  private final @Nullable Database lookUps;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong asked = new AtomicLong();
  private volatile Set<String> closed = Set.of();

  /// Which reading `closed` is of; guarded by this.
  private long read;

  private ClosedOrganizations(@Nullable Database lookUps) {
    this.lookUps = lookUps;
  }

  /// None, ever.
  public static ClosedOrganizations none() {
    return new ClosedOrganizations(null);
  }

  /// Reads them, and follows the feed. Blocks.
  public static ClosedOrganizations follow(Database lookUps, ChangeFeed feed) {
    ClosedOrganizations organizations = new ClosedOrganizations(lookUps);
    feed.listen(CHANGE_KIND, _ -> organizations.readAgain());
    feed.listenGap(organizations::readAgain);
    organizations.take(
        organizations.asked.incrementAndGet(), lookUps.read(AccountStore::closedOrganizations));
    return organizations;
  }

  public boolean contains(String organizationId) {
    return closed.contains(organizationId);
  }

  /// `listener` hears of each organization that is closed from now on, on a store thread; it must
  /// not block.
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  private void readAgain() {
    if (lookUps == null) {
      return;
    }
    long reading = asked.incrementAndGet();
    CompletableFuture<Set<String>> all = lookUps.readLater(AccountStore::closedOrganizations);
    all.whenComplete((found, failure) -> {
      if (failure == null) {
        take(reading, found);
      } else {
        LOG.warn("closed organizations could not be read ({}); again soon", failure.getMessage());
        Executor soon =
            CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
        soon.execute(this::readAgain);
      }
    });
  }

  /// Of two readings the one that began later counts: it saw no less.
  private void take(long reading, Set<String> found) {
    Set<String> before;
    synchronized (this) {
      if (reading <= read) {
        return;
      }
      read = reading;
      before = closed;
      closed = Set.copyOf(found);
    }
    for (String id : found) {
      if (!before.contains(id)) {
        listeners.forEach(listener -> listener.accept(id));
      }
    }
  }
}
