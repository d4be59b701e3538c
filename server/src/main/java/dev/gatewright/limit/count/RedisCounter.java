package dev.gatewright.limit.count;

import dev.gatewright.id.Ids;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Used;
import dev.gatewright.limit.term.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts in Redis for all processes together: one script a call, and one when it is over. While
/// Redis is slow, gone or new, this process counts its share alone. Thread-safe; blocks nobody.
public final class RedisCounter implements Counter {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCounter.class);
  private static final String EPOCH_KEY = "gw:limits:epoch";
  private static final long CALL_MILLIS_MAX = 20;
  private static final int FAILURES_MAX = 5;

  /// Every process has looked once by then, and said what it remembers.
  private static final long YOUNG_MILLIS = 2_500;

  private static final long LEASE_MILLIS = 30_000;
  private static final int TICKS_A_RENEWAL = 10;
  private static final long MICRO = 1_000;

  private final RedisLink redis;
  private final LocalLimits local;
  private final RedisMemory memory;
  private final LongSupplier millis;
  private final String self;
  private final AtomicLong leases = new AtomicLong();
  private final AtomicInteger failures = new AtomicInteger();

  /// What this process holds of calls at once, by its lease.
  private final Map<String, List<Limit>> running = new ConcurrentHashMap<>();

  /// What passed by this process's share and Redis has yet to hear of.
  private final Map<Limit, Long> owed = new ConcurrentHashMap<>();

  /// A Redis that can be believed; null = each its share.
  private volatile @Nullable Epoch epoch;

  /// The one that has been told what this process remembers.
  private @Nullable Epoch told;

  private boolean said;
  private int ticks;

  /// @param base in seconds of Redis's clock
  private record Epoch(String name, String base) {}

  public RedisCounter(RedisLink redis, LocalLimits local, LongSupplier nanos, LongSupplier millis) {
    this.redis = redis;
    this.local = local;
    this.memory = new RedisMemory(nanos);
    this.millis = millis;
    this.self = Ids.uuid7("", millis.getAsLong()) + '.';
  }

  @Override
  public void take(List<Limit> limits, Demand demand, Executor executor, Consumer<Decision> then) {
    Epoch in = epoch;
    if (in == null) {
      then.accept(alone(limits, demand));
      return;
    }
    Taken taken = new Taken(in, self + leases.incrementAndGet(), limits, demand);
    CompletableFuture<List<Object>> asked =
        redis.run(RedisScripts.TAKE, keys(limits), taken.arguments());
    asked
        .copy()
        .orTimeout(CALL_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .whenComplete((answer, failed) -> {
          if (failed != null) {
            failed(in);
            // It may have been taken all the same.
            asked.thenAccept(late -> {
              if (late.size() > 1 && number(late, 0) == 0) {
                taken.giveBack(Used.NOTHING);
              }
            });
          } else if (number(answer, 0) < 0) {
            distrust(in, "it is a new one");
          } else {
            failures.set(0);
            executor.execute(() -> then.accept(taken.decision(answer)));
            return;
          }
          executor.execute(() -> then.accept(alone(limits, demand)));
        });
  }

  /// By this process's share; what passes is owed to Redis.
  private Decision alone(List<Limit> limits, Demand demand) {
    Decision decision = local.take(limits, demand);
    if (decision instanceof Decision.Passed) {
      for (Limit limit : limits) {
        long amount = Math.min(demand.of(limit.kind()), limit.max());
        if (limit.per() != null && amount > 0) {
          owed.merge(limit, amount, Long::sum);
        }
      }
    }
    return decision;
  }

  /// Bounded by the limits that are counted here alone.
  private void pay(Epoch now) {
    for (Limit limit : List.copyOf(owed.keySet())) {
      Long amount = owed.remove(limit);
      if (amount != null) {
        List<String> all = new ArrayList<>(List.of(now.name, now.base, ""));
        add(all, limit, amount);
        redis.run(RedisScripts.SETTLE, List.of(EPOCH_KEY, key(limit)), all);
      }
    }
  }

  private static void add(List<String> all, Limit limit, long amount) {
    all.add(Long.toString(limit.max()));
    all.add(Long.toString(windowMicros(limit)));
    all.add(Long.toString(amount));
  }

  private static List<String> keys(List<Limit> limits) {
    List<String> keys = new ArrayList<>(limits.size() + 1);
    keys.add(EPOCH_KEY);
    limits.forEach(limit -> keys.add(key(limit)));
    return keys;
  }

  private static String key(Limit limit) {
    return "gw:" + limit.id();
  }

  private static long number(List<Object> answer, int at) {
    return answer.get(at) instanceof Long number
        ? number
        : Long.parseLong(answer.get(at).toString());
  }

  private static long windowMicros(Limit limit) {
    Window per = limit.per();
    return per == null ? 0 : per.nanos() / MICRO;
  }

  private void failed(Epoch in) {
    if (failures.incrementAndGet() >= FAILURES_MAX) {
      distrust(in, "it does not answer within %d ms".formatted(CALL_MILLIS_MAX));
    }
  }

  private synchronized void distrust(Epoch in, String why) {
    if (in.equals(epoch)) {
      epoch = null;
      LOG.warn("limits: each replica counts its share, Redis cannot be believed: {}", why);
    }
  }

  /// Looks after Redis, once a second; waits for nothing.
  @Override
  public void tick() {
    boolean renews = ++ticks % TICKS_A_RENEWAL == 0;
    redis
        .run(RedisScripts.PROBE, List.of(EPOCH_KEY), List.of(Ids.uuid7("", millis.getAsLong())))
        .orTimeout(CALL_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .whenComplete((answer, failed) -> {
          if (failed == null) {
            found(
                new Epoch(answer.get(0).toString(), answer.get(1).toString()),
                number(answer, 2),
                renews);
          } else {
            Epoch before = epoch;
            if (before != null) {
              failed(before);
            } else if (!said) {
              said = true;
              LOG.warn("limits: each replica counts its share, Redis does not answer");
            }
          }
        });
  }

  private synchronized void found(Epoch now, long ageMillis, boolean renews) {
    failures.set(0);
    boolean fresh = !now.equals(told);
    if (fresh) {
      told = now;
      remind(now);
    }
    if (fresh || renews) {
      running.forEach((lease, limits) -> limits.forEach(limit -> renew(now, lease, limit)));
    }
    if (ageMillis >= YOUNG_MILLIS) {
      pay(now);
    }
    if (ageMillis >= YOUNG_MILLIS && !now.equals(epoch)) {
      epoch = now;
      said = true;
      LOG.info("limits: counted in Redis");
    } else if (ageMillis < YOUNG_MILLIS && epoch != null) {
      distrust(epoch, "it is a new one");
    }
  }

  /// Redis may have lost what this process knows.
  private void remind(Epoch now) {
    for (RedisMemory.Open open : memory.open()) {
      redis.run(
          RedisScripts.RESTORE,
          List.of(EPOCH_KEY, key(open.limit())),
          List.of(now.name, now.base, Long.toString(open.fullMicros())));
    }
  }

  private void renew(Epoch now, String lease, Limit limit) {
    redis.run(
        RedisScripts.RENEW,
        List.of(EPOCH_KEY, key(limit)),
        List.of(now.name, now.base, lease, Long.toString(LEASE_MILLIS)));
  }

  /// What a call asks Redis for, and then has of it.
  private final class Taken implements Hold {
    private final Epoch in;
    private final String lease;
    private final List<Limit> limits;
    private final long[] amounts;
    private final Demand demand;
    private Standing standing = Standing.NONE;
    private Hold share = Hold.NONE;

    Taken(Epoch in, String lease, List<Limit> limits, Demand demand) {
      this.in = in;
      this.lease = lease;
      this.limits = limits;
      this.demand = demand;
      this.amounts = limits.stream().mapToLong(limit -> demand.of(limit.kind())).toArray();
    }

    List<String> arguments() {
      List<String> all = new ArrayList<>();
      all.addAll(List.of(in.name, in.base, lease, Long.toString(LEASE_MILLIS)));
      for (int i = 0; i < amounts.length; i++) {
        add(all, limits.get(i), amounts[i]);
      }
      return all;
    }

    Decision decision(List<Object> answer) {
      Standing now = new Standing();
      for (int i = 0; i < amounts.length; i++) {
        long left = number(answer, 2 + 2 * i);
        long full = number(answer, 3 + 2 * i);
        memory.said(limits.get(i), left, full);
        now.add(limits.get(i), left, full * MICRO);
      }
      standing = now;
      int refused = (int) number(answer, 0);
      if (refused > 0) {
        long wait = Math.max(0, number(answer, 1) * MICRO);
        return new Decision.Refused(limits.get(refused - 1), wait, now);
      }
      List<Limit> atOnce = limits.stream().filter(limit -> limit.per() == null).toList();
      if (!atOnce.isEmpty()) {
        running.put(lease, atOnce);
      }
      share = local.charge(limits, demand);
      return new Decision.Passed(this);
    }

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public boolean countsMoney() {
      return limits.stream().anyMatch(limit -> limit.kind() == LimitKind.SPEND);
    }

    @Override
    public void settle(Used used) {
      running.remove(lease);
      share.settle(used);
      giveBack(used);
    }

    void giveBack(Used used) {
      List<String> all = new ArrayList<>(List.of(in.name, in.base, lease));
      boolean any = false;
      for (int i = 0; i < amounts.length; i++) {
        Limit limit = limits.get(i);
        long more = used.of(limit.kind()) - Math.min(amounts[i], limit.max());
        add(all, limit, more);
        any |= more != 0;
      }
      if (any) {
        redis.run(RedisScripts.SETTLE, keys(limits), all);
      }
    }
  }

  @Override
  public Standing look(List<Limit> limits) {
    return epoch == null ? local.look(limits) : memory.look(limits);
  }

  @Override
  public String mode() {
    return epoch == null ? "share" : "redis";
  }

  @Override
  public void close() {
    redis.close();
  }
}
