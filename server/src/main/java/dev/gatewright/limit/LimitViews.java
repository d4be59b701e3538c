package dev.gatewright.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.store.Database;
import dev.gatewright.store.LookUps;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Which limits organizations have: in memory, bounded by what they weigh, dropped by the change
/// feed and read again when a call asks. Thread-safe; blocks no event loop.
public final class LimitViews {
  /// The feed's word for limits.
  public static final String CHANGE_KIND = "limit";

  private static final long BYTES_MAX = 32 << 20;

  /// A view is read anew after this, whatever news came or did not.
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  private static final LookUps.Terms TERMS = new LookUps.Terms("limits", 64, 4_096);

  private final LookUps<String, OrganizationLimits> lookUps;
  private final Cache<String, OrganizationLimits> views;

  /// @param database of the lane for look-ups
  private LimitViews(Database database, Time time) {
    this.views =
        Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher((String _, OrganizationLimits view) -> view.bytes())
            .expireAfterWrite(AGE_MAX)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    this.lookUps = new LookUps<>(database, TERMS, LimitViews::read, views::put);
  }

  static LimitViews start(Database database, ChangeFeed feed, Time time) {
    LimitViews started = new LimitViews(database, time);
    feed.listen(
        CHANGE_KIND, change -> started.changed(Objects.requireNonNull(change.organizationId())));
    feed.listenGap(started::changed);
    return started;
  }

  private static OrganizationLimits read(Handle handle, String organizationId) {
    List<Limit> limits =
        LimitStore.all(handle, organizationId).stream().map(StoredLimit::limit).toList();
    return limits.isEmpty() ? OrganizationLimits.NONE : new OrganizationLimits(limits);
  }

  private void changed(String organizationId) {
    lookUps.forget(organizationId, () -> views.invalidate(organizationId));
  }

  /// Nobody knows what has changed.
  private void changed() {
    lookUps.forgetAll(views::invalidateAll);
  }

  /// Whether anything limits an organization's calls, or may, as far as memory can tell.
  boolean any(String organizationId) {
    OrganizationLimits known = views.getIfPresent(organizationId);
    return known == null || !known.isEmpty();
  }

  /// An organization's limits; null = they are to be [looked up][#load].
  @Nullable OrganizationLimits remembered(String organizationId) {
    return views.getIfPresent(organizationId);
  }

  /// `then` runs once, at once or on a store thread.
  void load(String organizationId, Consumer<LookUps.Result<OrganizationLimits>> then) {
    lookUps.load(organizationId, then);
  }
}
