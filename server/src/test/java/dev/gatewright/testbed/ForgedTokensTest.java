package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A flood of forged tokens at a gate that serves good ones meanwhile.
class ForgedTokensTest {
  private static final int THREADS = 2;
  private static final long GOOD_EVERY_NANOS = Duration.ofMillis(4).toNanos();

  @TempDir Path folder;
  private FakeIssuer issuer;
  private LocalGate gate;

  @BeforeEach
  void start() throws IOException {
    issuer = FakeIssuer.start();
    gate =
        LocalGate.start(
            GateSetup.in(folder).settings("trusted-proxies: [127.0.0.1]\n" + issuer.setting("")),
            Time.system());
  }

  @AfterEach
  void stop() {
    gate.close();
    issuer.close();
  }

  @Test
  void none_is_let_in() throws Exception {
    assertThat(flood(10_000, 20_000)).isZero();
  }

  /// Prints how long good calls take without and with the flood; judged by who reads it, since the
  /// flood itself takes its share of the same machine.
  @Test
  @Tag("long")
  void a_million_are_not_let_in_and_good_calls_go_on() throws Exception {
    String token = issuer.token("ana");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      for (int perSecond : new int[] {0, 1_000, 4_000}) {
        AtomicBoolean over = new AtomicBoolean();
        Future<long[]> good = thread.submit(() -> goodCalls(token, over));
        if (perSecond == 0) {
          Thread.sleep(20_000);
        } else {
          assertThat(flood(perSecond == 1_000 ? 100_000 : 900_000, perSecond)).isZero();
        }
        over.set(true);
        long[] nanos = good.get();
        Arrays.sort(nanos);
        System.out.printf(
            "%d forged a second: %d good calls, p50 %d us, p99 %d us%n",
            perSecond,
            nanos.length,
            nanos[nanos.length / 2] / 1_000,
            nanos[nanos.length * 99 / 100] / 1_000);
      }
    }
  }

  private long[] goodCalls(String token, AtomicBoolean over) throws IOException {
    List<Long> nanos = new ArrayList<>();
    byte[] head = request(token, "10.0.0.1");
    try (RawClient client = gate.caller()) {
      while (!over.get()) {
        long begun = System.nanoTime();
        assertThat(client.send(head).answer().status()).isEqualTo(200);
        long took = System.nanoTime() - begun;
        nanos.add(took);
        LockSupport.parkNanos(GOOD_EVERY_NANOS - took);
      }
    }
    return nanos.stream().mapToLong(Long::longValue).toArray();
  }

  private static byte[] request(String token, String client) {
    return "GET /status HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(client, token)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// @return how many were let in
  private int flood(int count, int perSecond) throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    int letIn = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        all.add(() -> forge(random, count / THREADS, perSecond / THREADS));
      }
      for (Future<Integer> each : threads.invokeAll(all)) {
        letIn += each.get();
      }
    }
    return letIn;
  }

  /// From very many networks: one alone would be refused unseen after its thirtieth.
  private int forge(Random random, int count, int perSecond) throws IOException {
    String good = issuer.token("mallory");
    int letIn = 0;
    long begun = System.nanoTime();
    try (RawClient client = gate.caller()) {
      for (int i = 0; i < count; i++) {
        long due = begun + i * 1_000_000_000L / perSecond;
        LockSupport.parkNanos(due - System.nanoTime());
        byte[] head = request(forged(random, good), address(random));
        int status = client.send(head).answer().status();
        letIn += status == 200 ? 1 : 0;
        assertThat(status).isIn(200, 401, 429, 503);
      }
    }
    return letIn;
  }

  private static String address(Random random) {
    return "%d.%d.%d.%d"
        .formatted(
            20 + random.nextInt(60), random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  /// A good token with one character of its signature or of what is signed replaced.
  private static String forged(Random random, String good) {
    StringBuilder text = new StringBuilder(good);
    int at;
    do {
      at = random.nextInt(good.length());
    } while (good.charAt(at) == '.');
    text.setCharAt(at, good.charAt(at) == 'A' ? 'B' : 'A');
    return text.toString();
  }
}
