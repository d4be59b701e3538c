package dev.gatewright.limit;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Pricing;
import dev.gatewright.limit.count.Counter;
import dev.gatewright.limit.count.Decision;
import dev.gatewright.limit.count.LocalCounter;
import dev.gatewright.limit.count.LocalLimits;
import dev.gatewright.limit.count.RedisCounter;
import dev.gatewright.limit.count.RedisLink;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.LookUps;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What holds calls to their limits: the step of admission between rules and reservation. An
/// organization without limits costs one look at a set. Thread-safe; blocks no event loop.
public final class Limits implements LimitGate, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Limits.class);
  private static final long TICK_SECONDS = 1;
  private static final int TICKS_A_SWEEP = 15;
  private static final long NANOS = 1_000_000_000;

  private final LimitViews views;
  private final LocalLimits local;
  private final Counter counter;
  private final Pricing pricing;

  /// Whose limits of services and sites hold for everybody.
  private final String platform;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("limits").daemon().factory());
  private int ticks;

  private Limits(
      LimitViews views, LocalLimits local, Counter counter, Pricing pricing, String platform) {
    this.platform = platform;
    this.views = views;
    this.local = local;
    this.counter = counter;
    this.pricing = pricing;
  }

  /// @param database of the lane for look-ups
  /// @param platform the platform owner's organization
  /// @param redisUrl where all processes count together; null = each for itself
  /// @param replicas processes alive on this store, this one included; asked on a thread that may
  ///   block
  public static Limits start(
      Database database,
      ChangeFeed feed,
      String platform,
      IntSupplier replicas,
      Pricing pricing,
      @Nullable Secret redisUrl,
      Time time) {
    LocalLimits local = new LocalLimits(time::nanos);
    Counter counter =
        redisUrl == null
            ? new LocalCounter(local)
            : new RedisCounter(new RedisLink(redisUrl), local, time::nanos, time::millis);
    Limits started =
        new Limits(LimitViews.start(database, feed, time), local, counter, pricing, platform);
    started.thread.scheduleWithFixedDelay(
        () -> started.tick(replicas), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    return started;
  }

  private void tick(IntSupplier replicas) {
    try {
      local.sharers(replicas.getAsInt());
      counter.tick();
      if (++ticks % TICKS_A_SWEEP == 0) {
        local.sweep();
      }
    } catch (RuntimeException failed) {
      LOG.warn("limits count on as before: {}", failed.getMessage());
    }
  }

  @Override
  public boolean any(String organizationId) {
    return views.any(organizationId) || views.any(platform);
  }

  @Override
  public long costNano(Opening opening, Outcome.Usage usage) {
    return pricing.of(opening, usage).nano();
  }

  @Override
  public void take(Whose whose, Demand demand, Executor executor, Consumer<Limited> then) {
    with(
        whose.tenant().organizationId(),
        executor,
        own -> {
          if (own == null) {
            then.accept(UNAVAILABLE);
          } else if (demand.shared().isEmpty() || !views.any(platform)) {
            take(own.of(whose.subjects()), demand, executor, then);
          } else {
            with(
                platform,
                executor,
                all -> {
                  if (all == null) {
                    then.accept(UNAVAILABLE);
                  } else {
                    take(
                        OrganizationLimits.joined(
                            own.of(whose.subjects()), all.of(demand.shared())),
                        demand,
                        executor,
                        then);
                  }
                });
          }
        });
  }

  /// @param then gets null where they cannot be read
  private void with(
      String organizationId, Executor executor, Consumer<@Nullable OrganizationLimits> then) {
    OrganizationLimits known = views.remembered(organizationId);
    if (known != null) {
      then.accept(known);
      return;
    }
    views.load(
        organizationId,
        result ->
            executor.execute(() ->
                then.accept(
                    switch (result) {
                      case LookUps.Result.Read<OrganizationLimits>(OrganizationLimits read) -> read;
                      case LookUps.Result.Failed<OrganizationLimits> _ -> null;
                    })));
  }

  private void take(List<Limit> limits, Demand demand, Executor executor, Consumer<Limited> then) {
    if (limits.isEmpty()) {
      then.accept(new Limited.Passed(Hold.NONE));
    } else {
      counter.take(limits, demand, executor, decision -> then.accept(limited(decision)));
    }
  }

  private static Limited limited(Decision decision) {
    return switch (decision) {
      case Decision.Passed(Hold hold) -> new Limited.Passed(hold);
      case Decision.Refused(Limit limit, long wait, Standing standing) ->
          new Limited.Refused(refusal(limit, wait), wait, standing);
      case Decision.Full() -> UNAVAILABLE;
    };
  }

  private static Refusal refusal(Limit limit, long waitNanos) {
    long seconds = Math.clamp(Math.ceilDiv(waitNanos, NANOS), 1, Integer.MAX_VALUE);
    String message =
        limit.per() == null
            ? "%d calls of %s run at once, which is as many as its limit %s lets."
                .formatted(limit.max(), limit.on(), limit.id())
            : "The limit %s of %s is used up: %s. Try again in %d s."
                .formatted(limit.id(), limit.on(), limit.text(), seconds);
    return Refusal.tooMany(message, (int) seconds);
  }

  @Override
  public void look(Whose whose, Executor executor, Consumer<List<Shown>> then) {
    with(
        whose.tenant().organizationId(),
        executor,
        own -> then.accept(own == null ? List.of() : shown(own, whose)));
  }

  private List<Shown> shown(OrganizationLimits all, Whose whose) {
    return all.of(whose.subjects()).stream()
        .map(limit -> {
          Standing.Line line = counter.look(List.of(limit)).of(limit.kind());
          return line == null
              ? new Shown(limit, limit.max(), 0)
              : new Shown(limit, line.left(), line.resetNanos());
        })
        .toList();
  }

  /// How calls are counted: `local`, in this process alone; `redis`, for all together; `share`,
  /// each process its part.
  public String mode() {
    return counter.mode();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    counter.close();
  }
}
