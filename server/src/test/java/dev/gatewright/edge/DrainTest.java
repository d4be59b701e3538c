package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final String GET = "GET /echo HTTP/1.1\r\nHost: gate\r\n\r\n";

  private final CompletableFuture<Exchange> running = new CompletableFuture<>();
  private final CountDownLatch told = new CountDownLatch(1);
  private final Edge edge =
      Edge.start(
          RouteTable.builder()
              .any("/echo", TestHandlers::echo)
              .any("/health*", TestHandlers::echo)
              .any("/run", this::run)
              .any("/deaf", running::complete)
              .any("/own", new OwnForm())
              .build());

  @AfterEach
  void stop() {
    edge.close();
  }

  private void run(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.write(Unpooled.copiedBuffer("begun", StandardCharsets.US_ASCII));
    exchange.flush();
    exchange.onDeadline(() -> {
      exchange.write(Unpooled.copiedBuffer(" told", StandardCharsets.US_ASCII));
      exchange.finish();
      told.countDown();
    });
    running.complete(exchange);
  }

  @Test
  void new_exchanges_get_503_while_running_ones_finish() throws Exception {
    Drain drain = edge.server().drain();
    try (RawClient busy = edge.connect();
        RawClient other = edge.connect()) {
      assertThat(other.send(GET).answer().status()).isEqualTo(200);
      busy.send("GET /run HTTP/1.1\r\nHost: gate\r\n\r\n");
      Exchange exchange = running.join();
      drain.begin();

      Answer refused = other.send(GET).answer();

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.header("connection")).isEqualTo("close");
      assertThat(drain.running()).isEqualTo(1);
      assertThat(drain.awaitIdle(Duration.ofMillis(1))).isFalse();
      exchange.eventLoop().execute(exchange::finish);
      assertThat(drain.awaitIdle(Duration.ofSeconds(5))).isTrue();
      assertThat(busy.answer().body()).isEqualTo("begun");
      assertThat(busy.ended()).isTrue();
    }
  }

  /// A route whose callers read refusals in a form of their own.
  private static final class OwnForm implements EdgeHandler {
    @Override
    public void handle(Exchange exchange) {
      TestHandlers.echo(exchange);
    }

    @Override
    public void reject(Exchange exchange, Refusal refusal) {
      TestHandlers.text(exchange, 403, "own " + refusal.status());
    }
  }

  @Test
  void a_route_gives_the_edges_refusals_its_own_form() {
    try (RawClient client = edge.connect()) {
      Answer malformed =
          client.send("GET /own HTTP/1.1\r\nHost: gate\r\nx_api_key: k\r\n\r\n").answer();
      assertThat(malformed.status()).isEqualTo(403);
      assertThat(malformed.body()).isEqualTo("own 400");
      assertThat(client.ended()).isTrue();
    }
    edge.server().drain().begin();
    try (RawClient client = edge.connect()) {
      Answer draining = client.send("GET /own HTTP/1.1\r\nHost: gate\r\n\r\n").answer();
      assertThat(draining.body()).isEqualTo("own 503");
      assertThat(draining.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void health_is_still_answered() {
    edge.server().drain().begin();
    try (RawClient client = edge.connect()) {
      Answer answer = client.send("GET /health/live HTTP/1.1\r\nHost: gate\r\n\r\n").answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void the_deadline_lets_a_handler_say_its_last_words() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send("GET /run HTTP/1.1\r\nHost: gate\r\n\r\n");
      running.join();
      edge.server().drain().expire();
      assertThat(client.answer().body()).isEqualTo("begun told");
      assertThat(edge.server().drain().awaitIdle(Duration.ofSeconds(5))).isTrue();
      told.await();
    }
  }

  @Test
  void what_ignores_the_deadline_is_broken() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send("GET /deaf HTTP/1.1\r\nHost: gate\r\n\r\n");
      running.join();
      edge.server().drain().expire();
      assertThat(client.ended()).isTrue();
      assertThat(edge.server().drain().awaitIdle(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void closing_the_server_breaks_what_runs_and_frees_the_port() {
    try (RawClient client = edge.connect();
        RawClient quiet = edge.connect()) {
      client.send("GET /deaf HTTP/1.1\r\nHost: gate\r\n\r\n");
      running.join();
      edge.close();
      assertThat(client.ended()).isTrue();
      assertThat(quiet.ended()).isTrue();
    }
  }
}
