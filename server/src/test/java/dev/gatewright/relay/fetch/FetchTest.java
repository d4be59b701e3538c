package dev.gatewright.relay.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch.Fetched;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchTest {
  private static final int BODY_BYTES_MAX = 1_000;

  private final CountDownLatch hold = new CountDownLatch(1);
  private final EventLoopGroup loops = Transport.best().loops(1, "fetch-test");
  private final Upstreams upstreams = new Upstreams(Time.system());
  private final Fetch fetch = new Fetch(upstreams, loops);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    hold.countDown();
    fetch.close();
    upstreams.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    server.stop(0);
  }

  @Test
  void brings_the_whole_answer() {
    assertThat(send("/echo", "hällo", Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(201);
              assertThat(answer.headers()).containsEntry("x-seen", "POST Bearer s3cret identity");
              assertThat(answer.body()).isEqualTo("hällo");
            });
  }

  @Test
  void follows_no_redirect() {
    assertThat(send("/moved", null, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Answer.class, answer -> assertThat(answer.status()).isEqualTo(302));
  }

  @Test
  void refuses_an_answer_that_is_too_long() {
    assertThat(send("/long", null, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Failed.class,
            failed -> assertThat(failed.failure().message()).contains("at most 1000 bytes"));
  }

  @Test
  void gives_up_at_the_total_deadline() {
    assertThat(send("/slow", null, Duration.ofMillis(200)))
        .isInstanceOfSatisfying(
            Fetched.Failed.class, failed -> assertThat(failed.failure().timeout()).isTrue());
  }

  @Test
  void a_cut_body_is_a_failure() {
    assertThat(send("/cut", null, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Failed.class,
            failed -> assertThat(failed.failure().phase()).isEqualTo(Phase.IDLE));
  }

  @Test
  void refuses_a_private_address_that_was_not_allowed() {
    Origin origin = new Origin(false, "127.0.0.1", server.getAddress().getPort());

    assertThat(send(origin, DialRules.PUBLIC_ONLY, "/echo", null, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Failed.class,
            failed -> assertThat(failed.failure().phase()).isEqualTo(Phase.ADDRESS));
  }

  @Test
  void a_refused_connection_is_a_failure() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Origin origin = new Origin(false, "127.0.0.1", port);

    assertThat(send(origin, DialRules.ALLOW_PRIVATE, "/", null, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Fetched.Failed.class,
            failed -> assertThat(failed.failure().phase()).isEqualTo(Phase.CONNECT));
  }

  @Test
  void a_request_has_no_text_form_that_shows_its_headers() {
    assertThat(request(origin(), DialRules.PUBLIC_ONLY, "/x", null, 1))
        .asString()
        .doesNotContain("s3cret");
  }

  private Origin origin() {
    return new Origin(false, "127.0.0.1", server.getAddress().getPort());
  }

  private Fetched send(String path, @Nullable String body, Duration total) {
    return send(origin(), DialRules.ALLOW_PRIVATE, path, body, total);
  }

  private Fetched send(
      Origin origin, DialRules rules, String path, @Nullable String body, Duration total) {
    return fetch.send(request(origin, rules, path, body, total.toMillis()));
  }

  private static Fetch.Request request(
      Origin origin, DialRules rules, String path, @Nullable String body, long totalMillis) {
    return new Fetch.Request(
        origin,
        rules,
        body == null ? "GET" : "POST",
        path,
        Map.of("authorization", Secret.of("Bearer s3cret")),
        body,
        Timeouts.DEFAULT,
        totalMillis,
        BODY_BYTES_MAX);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestURI().getPath()) {
        case "/echo" -> {
          exchange
              .getResponseHeaders()
              .set(
                  "X-Seen",
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestHeaders().getFirst("authorization")
                      + " "
                      + exchange.getRequestHeaders().getFirst("accept-encoding"));
          write(exchange, 201, body.length, body);
        }
        case "/moved" -> {
          exchange.getResponseHeaders().set("Location", "/echo");
          exchange.sendResponseHeaders(302, -1);
        }
        case "/long" -> write(exchange, 200, 0, new byte[BODY_BYTES_MAX + 1]);
        case "/cut" -> write(exchange, 200, 100, "ten".getBytes(StandardCharsets.UTF_8));
        default -> hold.await();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(HttpExchange exchange, int status, long length, byte[] body)
      throws IOException {
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().flush();
  }
}
