package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams of services leave in the turn they come; a caller who leaves frees the backend and the
/// place in the queue.
class ServiceStreamsTest {
  private static final int DEAD_PORT = refusedPort();
  private static final Duration SOON = Duration.ofMillis(250);

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: any
                  preset: http
                  instances: [http://127.0.0.1:%1$d]
                  allow: [GET /x, POST /y/*]
                - id: one
                  preset: http
                  instances: [http://127.0.0.1:%1$d]
                  allow: [GET /x]
                  concurrency: 1
                  queue: { length: 1, wait: 1s }
                - id: dead
                  preset: http
                  instances: [http://127.0.0.1:%2$d]
                  allow: [GET /x]
              """
                  .formatted(fake.port(), DEAD_PORT)));

  private static SeenRequest seen() throws InterruptedException {
    SeenRequest next = world.provider().take();
    while (next.header("x-test") == null) {
      next = world.provider().take();
    }
    return next;
  }

  private static RawClient ask(String path) throws IOException {
    return world.caller().get(path, world.key(), "x-test: 1");
  }

  private static void await(CountDownLatch latch) throws IOException, InterruptedException {
    if (!latch.await(20, TimeUnit.SECONDS)) {
      throw new IOException("the caller did not get what was sent");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-ndjson, {\"n\":1}~",
    "text/event-stream, data: 1~~",
    "audio/mpeg, abc"
  })
  void each_part_leaves_in_the_turn_it_comes(String type, String text) throws Exception {
    String part = text.replace('~', '\n');
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
            return;
          }
          wire.head(200, "content-type: " + type, "transfer-encoding: chunked");
          await(first);
          wire.chunk(part);
          await(second);
          wire.chunk(part).endChunks();
        });
    try (RawClient caller = ask("/any/api/x")) {
      RawClient.Head head = caller.head();
      assertThat(head.headers()).containsEntry("content-type", type);
      first.countDown();
      assertThat(caller.text(part.length())).isEqualTo(part);
      second.countDown();
      assertThat(caller.text(part.length())).isEqualTo(part);
      assertThat(caller.text(1)).isEmpty();
    }
  }

  @Test
  void a_cut_ndjson_stream_ends_with_an_error_line() throws Exception {
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
            return;
          }
          wire.head(200, "content-type: application/x-ndjson", "transfer-encoding: chunked");
          wire.chunk("{\"n\":1}\n").close();
        });
    try (RawClient caller = ask("/any/api/x")) {
      assertThat(caller.answer().text()).startsWith("{\"n\":1}\n{\"error\":").endsWith("}\n");
    }
  }

  @Test
  void a_streamed_body_arrives_while_it_is_sent() throws Exception {
    world
        .provider()
        .answer((request, wire) -> wire.json(200, "{\"n\":" + request.body().length + "}"));
    byte[] part = new byte[100_000];
    try (RawClient caller = world.caller()) {
      caller.request(
          "POST",
          "/any/api/y/z",
          world.key(),
          new byte[0],
          "transfer-encoding: chunked",
          "x-test: 1");
      for (int i = 0; i < 30; i++) {
        caller.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
      }
      caller.send("0\r\n\r\n");
      RawClient.Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("{\"n\":3000000}");
    }
  }

  @Test
  void a_caller_who_leaves_frees_the_backend_and_the_queue() throws Exception {
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
          } else {
            wire.hang();
          }
        });
    RawClient running = ask("/one/api/x");
    SeenRequest request = seen();
    RawClient waiting = ask("/one/api/x");
    awaitWaiting(1);
    try (RawClient third = ask("/one/api/x")) {
      RawClient.Answer refused = third.answer();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isNotNull();
      assertThat(refused.header("x-gatewright-queue-position")).isEqualTo("2");
      assertThat(refused.header("x-gatewright-queue-wait-ms")).isEqualTo("0");
    }
    waiting.leave(false);
    awaitWaiting(0);
    try (RawClient patient = ask("/one/api/x")) {
      RawClient.Answer tooLong = patient.answer();
      assertThat(tooLong.status()).isEqualTo(503);
      assertThat(tooLong.header("x-gatewright-queue-position")).isEqualTo("1");
      assertThat(Long.parseLong(String.valueOf(tooLong.header("x-gatewright-queue-wait-ms"))))
          .isGreaterThanOrEqualTo(1000);
    }
    long left = running.leave(false);
    long closed = request.closed().get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(closed - left)).isLessThan(SOON);
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    try (RawClient next = ask("/one/api/x")) {
      RawClient.Answer answer = next.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-gatewright-queue-position")).isNull();
    }
  }

  @Test
  void drains_an_instance_and_takes_it_back() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    JsonNode drained = world.admin().call("POST", "/api/services/any/drain", "{}", 200);
    assertThat(drained.path("status").asText()).isEqualTo("draining");
    try (RawClient caller = ask("/any/api/x")) {
      assertThat(caller.answer().status()).isEqualTo(503);
    }
    world.admin().call("POST", "/api/services/any/undrain", "", 200);
    world.admin().call("POST", "/api/services/any/drain", "{\"instance\":\"http://x\"}", 422);
    world.admin().call("POST", "/api/services/none/drain", "", 404);
    JsonNode checked = world.admin().call("POST", "/api/services/any/check", "", 200);
    assertThat(checked.path("instances").get(0).path("latency_ms").isNumber()).isTrue();
    try (RawClient caller = ask("/any/api/x")) {
      assertThat(caller.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_draining_instance_finishes_its_streams() throws Exception {
    CountDownLatch drained = new CountDownLatch(1);
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
            return;
          }
          wire.head(200, "content-type: audio/mpeg", "transfer-encoding: chunked").chunk("one");
          await(drained);
          wire.chunk("two").endChunks();
        });
    try (RawClient caller = ask("/any/api/x")) {
      caller.head();
      assertThat(caller.text(3)).isEqualTo("one");
      world.admin().call("POST", "/api/services/any/drain", "{}", 200);
      drained.countDown();
      assertThat(caller.text(100)).isEqualTo("two");
    } finally {
      world.admin().call("POST", "/api/services/any/undrain", "{}", 200);
    }
  }

  @Test
  void a_dead_instance_is_out_after_two_failures_and_back_by_probe() throws Exception {
    Await.until("it to be out", Duration.ofSeconds(30), () -> status() == 503);
    try (FakeProvider back = FakeProvider.startOn(DEAD_PORT)) {
      back.answer((_, wire) -> wire.json(200, "{}"));
      Await.until("it to be back", Duration.ofSeconds(30), () -> status() == 200);
    }
  }

  private static int status() throws IOException {
    try (RawClient caller = ask("/dead/api/x")) {
      return caller.answer().status();
    }
  }

  private static int refusedPort() {
    try {
      return FakeProvider.refusedPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitWaiting(int count) throws Exception {
    Await.until(
        count + " to wait",
        Duration.ofSeconds(20),
        () -> {
          for (JsonNode each : world.admin().call("GET", "/api/services", "", 200).path("data")) {
            if (each.path("id").asText().equals("one")) {
              return each.path("queue").path("waiting").asInt() == count;
            }
          }
          return false;
        });
  }
}
