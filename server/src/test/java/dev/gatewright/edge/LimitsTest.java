package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsTest {
  private static final String GET = "GET /echo HTTP/1.1\r\nHost: gate\r\n\r\n";

  private Edge edge;

  @BeforeAll
  void start() {
    edge = Edge.start(RouteTable.builder().any("/echo", TestHandlers::echo).build());
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  @Test
  void a_head_that_never_ends_is_408() {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send("GET /echo HTTP/1.1\r\nHost: ga").answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("timeout_head");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_head_that_trickles_is_408_all_the_same() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send("GET /echo HTTP/1.1\r\n");
      long until = System.nanoTime() + 3 * Edge.SHORT.headerTimeout().toNanos();
      while (System.nanoTime() < until && client.socket().getInputStream().available() == 0) {
        client.send("a: b\r\n");
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      assertThat(client.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void a_second_head_has_its_own_time() {
    try (RawClient client = edge.connect()) {
      assertThat(client.send(GET).answer().status()).isEqualTo(200);
      assertThat(client.send("GET /ec").answer().status()).isEqualTo(408);
    }
  }

  @Test
  void a_connection_that_says_nothing_is_closed_without_a_word() {
    try (RawClient client = edge.connect()) {
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_connection_resting_too_long_is_closed_without_a_word() {
    try (RawClient client = edge.connect()) {
      assertThat(client.send(GET).answer().status()).isEqualTo(200);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_head_of_exactly_the_limit_passes() {
    int room =
        Edge.SHORT.headerBytes() - Wire.head("GET /echo HTTP/1.1", "Host: gate", "a: ").length();
    try (RawClient client = edge.connect()) {
      client.send(Wire.head("GET /echo HTTP/1.1", "Host: gate", "a: " + "b".repeat(room)));
      assertThat(client.answer().status()).isEqualTo(200);
      client.send(Wire.head("GET /echo HTTP/1.1", "Host: gate", "a: " + "b".repeat(room + 1)));
      assertThat(client.answer().status()).isEqualTo(431);
    }
  }

  @Test
  void connections_beyond_the_limit_get_503_and_a_free_place_is_used_again() {
    EdgeLimits few =
        new EdgeLimits(
            8192,
            1024,
            1024,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            3,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    RouteTable routes = RouteTable.builder().any("/echo", TestHandlers::echo).build();
    List<RawClient> clients = new ArrayList<>();
    try (Edge small =
        Edge.start(routes, Transport.best(), config -> config.withLimits(few), AccessLog.none())) {
      for (int i = 0; i < 3; i++) {
        clients.add(small.connect());
        assertThat(clients.get(i).send(GET).answer().status()).isEqualTo(200);
      }
      try (RawClient fourth = small.connect()) {
        Answer answer = fourth.send(GET).answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(fourth.ended()).isTrue();
      }
      assertThat(small.server().connectionsTurnedAway()).isEqualTo(1);
      clients.getFirst().close();
      Await.until(() -> small.server().connections() == 2);
      try (RawClient next = small.connect()) {
        assertThat(next.send(GET).answer().status()).isEqualTo(200);
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  private static final EdgeLimits SHARED =
      new EdgeLimits(
          8192,
          1024,
          1024,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          8,
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          ShareLimits.DEFAULT);

  private static Edge shared(Time time) throws IOException {
    RouteTable routes =
        RouteTable.builder().any("/echo", exchange -> TestHandlers.gather(exchange, 1024)).build();
    return Edge.start(
        routes,
        Transport.best(),
        config -> config.withLimits(SHARED),
        AccessLog.none(),
        head -> "local".equals(head.headers().get("x-test")),
        time);
  }

  @Test
  void one_address_has_its_share_of_the_connections_and_the_local_caller_always_one()
      throws Exception {
    InetAddress greedy = InetAddress.ofLiteral("127.0.0.2");
    List<RawClient> clients = new ArrayList<>();
    try (Edge small = shared(Time.system())) {
      int port = small.server().port();
      for (int i = 0; i < 4; i++) {
        clients.add(RawClient.connect(port, greedy));
        assertThat(clients.get(i).send(GET).answer().status()).isEqualTo(200);
      }
      clients.add(RawClient.connect(port, greedy));
      assertThat(clients.getLast().send(GET).answer().status()).isEqualTo(429);
      for (int i = 0; i < 2; i++) {
        clients.add(small.connect());
        assertThat(clients.getLast().send(GET).answer().status()).isEqualTo(200);
      }
      // The network has its share; another one finds something.
      clients.add(RawClient.connect(port, InetAddress.ofLiteral("127.0.1.1")));
      assertThat(clients.getLast().send(GET).answer().status()).isEqualTo(200);
      InetAddress third = InetAddress.ofLiteral("127.0.0.3");
      clients.add(RawClient.connect(port, third));
      assertThat(clients.getLast().send(GET).answer().status()).isEqualTo(503);
      clients.add(RawClient.connect(port, third));
      assertThat(clients.getLast().ended()).as("says nothing, for a second").isTrue();
      clients.add(small.connect());
      String local = "GET /echo HTTP/1.1\r\nHost: gate\r\nX-Test: local\r\n\r\n";
      for (int i = 0; i < 2; i++) {
        assertThat(clients.getLast().send(local).answer().status()).isEqualTo(200);
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  @Test
  void heads_that_do_not_end_take_no_more_than_an_addresss_share() throws Exception {
    InetAddress greedy = InetAddress.ofLiteral("127.0.0.2");
    EdgeLimits limits =
        new EdgeLimits(
            32 << 10,
            1024,
            1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            2000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    RouteTable routes = RouteTable.builder().any("/echo", TestHandlers::echo).build();
    List<RawClient> clients = new ArrayList<>();
    try (Edge small =
        Edge.start(
            routes, Transport.best(), config -> config.withLimits(limits), AccessLog.none())) {
      String begun = "GET /echo HTTP/1.1\r\nHost: gate\r\nX: " + "x".repeat(30_000);
      for (int i = 0; i < 600; i++) {
        clients.add(RawClient.connect(small.server().port(), greedy).send(begun));
      }
      // The last one there is no room for is told so; whoever comes from elsewhere is served.
      assertThat(clients.getLast().answer().status()).isEqualTo(503);
      try (RawClient other = small.connect()) {
        assertThat(other.send(begun + "\r\n\r\n").answer().status()).isEqualTo(200);
      }
      clients.forEach(RawClient::close);
      Await.until(() -> small.server().connections() == 0);
      try (RawClient again = RawClient.connect(small.server().port(), greedy)) {
        assertThat(again.send(begun + "\r\n\r\n").answer().status()).isEqualTo(200);
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  @Test
  void a_body_that_trickles_below_the_least_rate_is_408() throws Exception {
    try (Edge small = shared(Time.system());
        RawClient client = small.connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: gate\r\nContent-Length: 1000\r\n\r\n");
      for (int i = 0; i < 200 && client.socket().getInputStream().available() == 0; i++) {
        client.send("x".repeat(10));
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      assertThat(client.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void one_failed_sweep_does_not_end_the_time_outs() throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    AtomicLong asked = new AtomicLong();
    Time faulty =
        new Time(
            InstantSource.system(),
            () -> {
              if (started.get() && asked.incrementAndGet() < 10) {
                throw new IllegalStateException("a test's bug");
              }
              return System.nanoTime();
            });
    try (Edge small = shared(faulty);
        RawClient first = small.connect()) {
      started.set(true);
      assertThat(first.socket().isConnected()).isTrue();
      Await.until(() -> asked.get() >= 10);
      try (RawClient client = small.connect()) {
        client.send("POST /echo HTTP/1.1\r\nHost: gate\r\nContent-Length: 9\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(408);
      }
    }
  }

  @Test
  void what_is_sent_behind_a_running_exchange_is_not_read_without_bound() throws Exception {
    RouteTable routes = RouteTable.builder().any("/silent", exchange -> {}).build();
    AtomicLong sent = new AtomicLong();
    try (Edge quiet = Edge.start(routes);
        RawClient client = quiet.connect()) {
      client.send("GET /silent HTTP/1.1\r\nHost: gate\r\n\r\n");
      byte[] flood = new byte[64 << 10];
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  while (sent.get() < 256L << 20) {
                    client.send(flood);
                    sent.addAndGet(flood.length);
                  }
                } catch (UncheckedIOException e) {
                  // The edge is closed while the kernel's buffers are still full.
                }
              });
      Await.until(() -> stands(sent));
      assertThat(sent.get()).isLessThan(64L << 20);
      quiet.server().close();
      sender.join();
    }
  }

  private static boolean stands(AtomicLong counter) {
    long before = counter.get();
    java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    return before > 0 && counter.get() == before;
  }

  @Test
  void pipelined_requests_wait_while_the_caller_does_not_read() {
    byte[] body = "z".repeat(2000).getBytes(StandardCharsets.US_ASCII);
    String post = "POST /echo HTTP/1.1\r\nHost: gate\r\nContent-Length: 2000\r\n\r\n";
    int count = 400;
    try (RawClient client = edge.connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < count; i++) {
                  client.send(post).send(body);
                }
              });
      for (int i = 0; i < count; i++) {
        assertThat(client.answer().body()).hasSize(2011);
      }
      sender.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
