package dev.gatewright.limit.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Used;
import dev.gatewright.limit.term.Window;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three processes' counters on one real Redis, which is emptied, killed, stopped and slow
/// meanwhile.
class RedisCounterTest {
  private static final int REPLICAS = 3;
  private static TestRedis redis;

  @BeforeAll
  static void start() throws Exception {
    redis = TestRedis.start();
  }

  @AfterAll
  static void stop() throws Exception {
    redis.close();
  }

  private static final AtomicLong IDS = new AtomicLong();

  private static Limit limit(LimitKind kind, long max, Window per) {
    String id = "lim_" + IDS.incrementAndGet() + "_" + System.identityHashCode(redis);
    return new Limit(id, "key_a", kind, max, kind == LimitKind.CONCURRENCY ? null : per);
  }

  private static Demand output(long tokens) {
    return new Demand(0, tokens, () -> 0, List.of(), LimitHeaders.OPENAI);
  }

  /// As many as there are replicas, each with its own connection and its own memory.
  private static final class Replicas implements AutoCloseable {
    final List<RedisCounter> all = new ArrayList<>();
    private final Thread ticker;

    Replicas() {
      Time time = Time.system();
      for (int i = 0; i < REPLICAS; i++) {
        LocalLimits local = new LocalLimits(time::nanos);
        local.sharers(REPLICAS);
        all.add(new RedisCounter(new RedisLink(redis.url()), local, time::nanos, time::millis));
      }
      ticker =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    all.forEach(RedisCounter::tick);
                    Thread.sleep(100);
                  }
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    Decision take(int replica, List<Limit> limits, Demand demand) {
      CompletableFuture<Decision> decided = new CompletableFuture<>();
      all.get(replica).take(limits, demand, Runnable::run, decided::complete);
      return decided.orTimeout(20, TimeUnit.SECONDS).join();
    }

    Replicas await(String mode) throws Exception {
      Await.until(
          "all count by " + mode,
          Duration.ofSeconds(20),
          () -> all.stream().allMatch(each -> each.mode().equals(mode)));
      return this;
    }

    @Override
    public void close() {
      ticker.interrupt();
      all.forEach(RedisCounter::close);
    }
  }

  private static int passed(Replicas replicas, Limit limit, int calls) {
    int passed = 0;
    for (int i = 0; i < calls; i++) {
      if (replicas.take(i % REPLICAS, List.of(limit), Demand.ONE) instanceof Decision.Passed) {
        passed++;
      }
    }
    return passed;
  }

  @Test
  void allReplicas_countTogether() throws Exception {
    try (Replicas replicas = new Replicas().await("redis")) {
      assertThat(passed(replicas, limit(LimitKind.REQUESTS, 10, Window.DAY), 60)).isEqualTo(10);
    }
  }

  @Test
  void aRefusedCall_takesNothing_andWhatWasUsedTakesThePlaceOfWhatWasTaken() throws Exception {
    try (Replicas replicas = new Replicas().await("redis")) {
      Limit tokens = limit(LimitKind.OUTPUT_TOKENS, 1000, Window.DAY);
      Limit requests = limit(LimitKind.REQUESTS, 100, Window.DAY);
      List<Limit> both = List.of(requests, tokens);
      Decision first = replicas.take(0, both, output(900));
      assertThat(first).isInstanceOf(Decision.Passed.class);
      assertThat(replicas.take(1, both, output(200)))
          .isInstanceOfSatisfying(
              Decision.Refused.class,
              no -> {
                assertThat(no.limit()).isEqualTo(tokens);
                assertThat(no.waitNanos())
                    .isBetween(
                        Duration.ofMinutes(140).toNanos(), Duration.ofMinutes(144).toNanos());
                assertThat(Objects.requireNonNull(no.standing().of(LimitKind.REQUESTS)).left())
                    .isEqualTo(99);
              });
      ((Decision.Passed) first).hold().settle(new Used(0, 100, 0, true));
      Await.until(
          "there is room again",
          Duration.ofSeconds(10),
          () -> replicas.take(2, both, output(800)) instanceof Decision.Passed);
      assertThat(replicas.take(2, both, output(300))).isInstanceOf(Decision.Refused.class);
    }
  }

  @Test
  void callsAtOnce_areFreeWhenTheyEnd() throws Exception {
    try (Replicas replicas = new Replicas().await("redis")) {
      Limit atOnce = limit(LimitKind.CONCURRENCY, 2, Window.DAY);
      Decision first = replicas.take(0, List.of(atOnce), Demand.ONE);
      assertThat(replicas.take(1, List.of(atOnce), Demand.ONE)).isInstanceOf(Decision.Passed.class);
      assertThat(replicas.take(2, List.of(atOnce), Demand.ONE))
          .isInstanceOf(Decision.Refused.class);
      ((Decision.Passed) first).hold().settle(new Used(0, 0, 0, true));
      Await.until(
          "a place is free",
          Duration.ofSeconds(10),
          () -> replicas.take(2, List.of(atOnce), Demand.ONE) instanceof Decision.Passed);
    }
  }

  @Test
  void anEmptiedRedis_isToldWhatIsRemembered() throws Exception {
    try (Replicas replicas = new Replicas().await("redis")) {
      Limit limit = limit(LimitKind.REQUESTS, 30, Window.DAY);
      assertThat(passed(replicas, limit, 60)).isEqualTo(30);
      redis.empty();
      replicas.await("share");
      int shares = passed(replicas, limit, 90);
      assertThat(shares).isLessThanOrEqualTo(30);
      replicas.await("redis");
      assertThat(passed(replicas, limit, 60)).isZero();
    }
  }

  @Test
  void aStoppedRedis_isASharesRest_andNobodyHangs() throws Exception {
    try (Replicas replicas = new Replicas().await("redis")) {
      Limit limit = limit(LimitKind.REQUESTS, 30, Window.DAY);
      redis.stop();
      long began = System.nanoTime();
      try {
        assertThat(passed(replicas, limit, 120)).isEqualTo(30);
        replicas.await("share");
      } finally {
        redis.goOn();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      replicas.await("redis");
      assertThat(passed(replicas, limit, 60)).isLessThanOrEqualTo(30);
    }
  }

  @Test
  void threeReplicas_neverLetThroughMoreThanPromised_whateverRedisDoes() throws Exception {
    struck(new Random().nextLong(), Duration.ofSeconds(8));
  }

  @Test
  @Tag("long")
  void threeReplicas_neverLetThroughMoreThanPromised_forMinutes() throws Exception {
    struck(new Random().nextLong(), Duration.ofMinutes(5));
  }

  /// The promise: in a time t with s switches at most max + max · t / window + s · max, a share for
  /// each of the replicas.
  private static void struck(long seed, Duration time) throws Exception {
    Random random = new Random(seed);
    Limit limit = limit(LimitKind.REQUESTS, 60, Window.MINUTE);
    AtomicLong passed = new AtomicLong();
    AtomicLong switches = new AtomicLong();
    try (Replicas replicas = new Replicas().await("redis")) {
      long began = System.nanoTime();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < REPLICAS; i++) {
        int replica = i;
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  String mode = "redis";
                  while (System.nanoTime() - began < time.toNanos()) {
                    if (replicas.take(replica, List.of(limit), Demand.ONE)
                        instanceof Decision.Passed) {
                      passed.incrementAndGet();
                    }
                    String now = replicas.all.get(replica).mode();
                    if (!now.equals(mode)) {
                      mode = now;
                      switches.incrementAndGet();
                    }
                  }
                }));
      }
      while (System.nanoTime() - began < time.toNanos() - 3_000_000_000L) {
        strike(random.nextInt(4));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      double promised = 60 + seconds + switches.get() * 20.0;
      assertThat((double) passed.get())
          .as("seed %d, %.1f s, %d switches of one replica", seed, seconds, switches.get())
          .isLessThanOrEqualTo(promised)
          .isGreaterThanOrEqualTo(20);
    }
  }

  /// Answers come after nothing to 40 ms: some in time, some too late and counted there all the
  /// same.
  private static void slowed() throws Exception {
    for (int i = 0; i < 40; i++) {
      redis.stop();
      TimeUnit.MILLISECONDS.sleep(i);
      redis.goOn();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void strike(int how) throws Exception {
    switch (how) {
      case 0 -> redis.empty();
      case 1 -> {
        redis.kill();
        redis.again();
      }
      case 2 -> {
        redis.stop();
        TimeUnit.MILLISECONDS.sleep(500);
        redis.goOn();
      }
      default -> slowed();
    }
    TimeUnit.MILLISECONDS.sleep(1_500);
  }
}
