package dev.gatewright.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.store.Database;
import dev.gatewright.store.LookUps;
import dev.gatewright.store.change.Change;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The compiled rules of organizations, projects and members: one view an owner, in memory bounded
/// by what they weigh, read from the store when they are asked for. The change feed drops what has
/// changed: at once in this process, within a second on other replicas. Thread-safe.
public final class PolicyViews {
  /// The feed's word for what concerns rules of the table.
  public static final String CHANGE_KIND = "policy";

  /// Owners without rules fit 80,000 times.
  private static final long BYTES_MAX = 16 << 20;

  /// A view is read anew after this, whatever news came or did not.
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  private static final LookUps.Terms TERMS = new LookUps.Terms("a policy", 256, 4_096);

  private final LookUps<RuleOwner, PolicyView> lookUps;
  private final Cache<RuleOwner, PolicyView> views;

  /// Grows whenever something has been dropped: what was put together before may be out of date.
  private final AtomicLong age = new AtomicLong();

  /// @param database of the lane for look-ups
  public PolicyViews(Database database, ChangeFeed feed, Time time) {
    this(database, feed, time, BYTES_MAX);
  }

  PolicyViews(Database database, ChangeFeed feed, Time time, long bytesMax) {
    this.views =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((RuleOwner _, PolicyView view) -> view.bytes())
            .expireAfterWrite(AGE_MAX)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    this.lookUps =
        new LookUps<>(
            database,
            TERMS,
            (handle, owner) ->
                new PolicyView(owner.layer(), owner.subjectId(), RuleStore.of(handle, owner)),
            views::put);
    listen(feed, this::forget);
    feed.listenGap(this::forgetAll);
  }

  /// `listener` hears whose rules have changed. What listens later hears it when the view of then
  /// is gone.
  public static void listen(ChangeFeed feed, Consumer<RuleOwner> listener) {
    feed.listen(CHANGE_KIND, change -> told(change, listener));
  }

  private static void told(Change change, Consumer<RuleOwner> listener) {
    RuleOwner owner = RuleOwner.read(change.organizationId(), change.id());
    if (owner == null) {
      throw new IllegalStateException("change of a policy that nobody has: " + change);
    }
    listener.accept(owner);
  }

  /// What a policy is as of: one that was found under the same number is still right. To be taken
  /// before the policy is put together.
  public long age() {
    return age.get();
  }

  /// What finding came to.
  public sealed interface Found {
    /// @param layered someone besides the caller has rules
    record Whole(Policy policy, boolean layered) implements Found {}

    /// @param reason for the access log
    record Failed(String reason) implements Found {}
  }

  /// All rules that hold for a caller that is kept: where nobody but itself has any, one look at a
  /// number. `then` runs as below.
  ///
  /// @param age as it was before, see [#age]
  public void find(OwnRules own, long age, Consumer<Found> then) {
    if (own.aloneAt(age)) {
      then.accept(new Found.Whole(own.alone(), false));
      return;
    }
    find(
        own.owners(),
        own.view(),
        found -> {
          if (found instanceof Found.Whole whole && !whole.layered()) {
            own.foundAlone(age);
          }
          then.accept(found);
        });
  }

  /// All rules that hold for a caller. `then` runs once: before this returns when memory has all
  /// views, on a store thread otherwise. Never blocks.
  ///
  /// @param owners at most three, outermost first
  /// @param own the caller's own rules
  public void find(List<RuleOwner> owners, PolicyView own, Consumer<Found> then) {
    PolicyView[] all = new PolicyView[owners.size() + 1];
    all[owners.size()] = own;
    gather(owners, all, 0, then);
  }

  private void gather(List<RuleOwner> owners, PolicyView[] all, int from, Consumer<Found> then) {
    boolean layered = false;
    for (int i = 0; i < owners.size(); i++) {
      PolicyView view = i < from ? all[i] : views.getIfPresent(owners.get(i));
      if (view == null) {
        int missing = i;
        lookUps.load(
            owners.get(i),
            result -> {
              switch (result) {
                case LookUps.Result.Failed<PolicyView>(String reason) ->
                    then.accept(new Found.Failed(reason));
                case LookUps.Result.Read<PolicyView>(PolicyView read) -> {
                  all[missing] = read;
                  gather(owners, all, missing + 1, then);
                }
              }
            });
        return;
      }
      all[i] = view;
      layered |= !view.open();
    }
    then.accept(new Found.Whole(Policy.of(all), layered));
  }

  private void forget(RuleOwner owner) {
    lookUps.forget(owner, () -> views.invalidate(owner));
    // After the view is gone: whoever still got it took the number before.
    age.incrementAndGet();
  }

  private void forgetAll() {
    lookUps.forgetAll(views::invalidateAll);
    age.incrementAndGet();
  }

  /// What is in memory, for metrics and tests.
  long count() {
    views.cleanUp();
    return views.estimatedSize();
  }

  /// The view in memory; null when there is none.
  @Nullable PolicyView remembered(RuleOwner owner) {
    return views.getIfPresent(owner);
  }
}
