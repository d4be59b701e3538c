package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.log.AccessLog;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource
class BodyTest {
  private static final int BODY_MAX = 100_000;
  private static final String PROBE = "GET /echo HTTP/1.1\r\nHost: gate\r\n\r\n";

  private final Edge edge;

  BodyTest(Transport transport) {
    edge = Edge.start(routes(), transport, config -> config, AccessLog.none());
  }

  private static RouteTable routes() {
    return RouteTable.builder()
        .any("/echo", exchange -> TestHandlers.gather(exchange, BODY_MAX))
        .any("/unread", exchange -> TestHandlers.text(exchange, 200, "unread"))
        .any("/paused", BodyTest::paused)
        .any("/throws", BodyTest::thrower)
        .build();
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  private static String post(String path, String... headers) {
    return Wire.head("POST " + path + " HTTP/1.1", "Host: gate", String.join("\r\n", headers));
  }

  @Test
  void says_continue_when_the_handler_wants_the_body() {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Content-Length: 2", "Expect: 100-continue"));
      assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.send("hi" + PROBE).answer().body()).isEqualTo("POST /echo hi");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void says_no_continue_when_the_body_comes_anyway() {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Content-Length: 2", "expect: 100-Continue") + "hi");
      assertThat(client.answer().body()).isEqualTo("POST /echo hi");
    }
  }

  @Test
  void closes_when_the_handler_answers_a_caller_who_waits_to_continue() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Content-Length: 2", "Expect: 100-continue"));
      Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("unread");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void skips_a_small_body_nobody_asked_for_and_keeps_the_connection() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Content-Length: 60000"));
      assertThat(client.answer().header("connection")).isNull();
      client.send("x".repeat(60_000) + PROBE);
      assertThat(client.answer().body()).isEqualTo("GET /echo ");
    }
  }

  @Test
  void closes_gently_rather_than_read_a_large_body_nobody_asked_for() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Content-Length: 200000") + "x".repeat(200_000));
      Answer answer = client.answer();
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).isEqualTo("unread");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void reads_a_refused_upload_on_so_that_its_sender_hears_the_answer() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Content-Length: 41943040"));
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < 40; i++) {
        client.send(part);
      }
      assertThat(client.answer().body()).isEqualTo("unread");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void closes_after_an_unread_chunked_body() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Transfer-Encoding: chunked") + "2\r\nhi\r\n0\r\n\r\n" + PROBE);
      assertThat(client.answer().header("connection")).isEqualTo("close");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void refuses_a_body_announced_too_long_before_any_of_it_comes() {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Content-Length: 100001", "Expect: 100-continue"));
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("body_too_large", "at most 100000 bytes");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void takes_a_body_of_exactly_the_limit() {
    String body = "x".repeat(BODY_MAX);
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Content-Length: " + BODY_MAX) + body);
      assertThat(client.answer().body()).endsWith(" " + body);
    }
  }

  @Test
  void refuses_a_chunked_body_as_soon_as_it_is_too_long() {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Transfer-Encoding: chunked"));
      client.send("10000\r\n" + "x".repeat(65_536) + "\r\n");
      client.send("10000\r\n" + "x".repeat(65_536) + "\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void gathers_many_small_chunks() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      body.append(i % 2 == 0 ? "1\r\na\r\n" : "0003\r\nbcd\r\n");
    }
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Transfer-Encoding: chunked") + body + "0\r\n\r\n" + PROBE);
      assertThat(client.answer().body()).isEqualTo("POST /echo " + "abcd".repeat(1500));
      assertThat(client.answer().body()).isEqualTo("GET /echo ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5;a=b", "5 ;a", "5\t ; a = \"b\"", "5;", "00000000005;x"})
  void drops_chunk_extensions(String line) {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Transfer-Encoding: Chunked") + line + "\r\nhello\r\n");
      assertThat(client.send("0 ;end\r\nDigest: x\r\n\r\n" + PROBE).answer().body())
          .isEqualTo("POST /echo hello");
      assertThat(client.answer().body()).isEqualTo("GET /echo ");
    }
  }

  @Test
  void a_body_that_stops_coming_is_408() {
    try (RawClient client = edge.connect()) {
      client.send(post("/echo", "Content-Length: 10") + "hello");
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("timeout_body");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_skipped_body_that_stops_coming_ends_the_connection() {
    try (RawClient client = edge.connect()) {
      client.send(post("/unread", "Content-Length: 10") + "hello");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void pauses_the_body_while_the_handler_cannot_take_more() {
    try (RawClient client = edge.connect()) {
      client.send(post("/paused", "Content-Length: 100000") + "x".repeat(100_000));
      assertThat(client.answer().body()).isEqualTo("100000");
    }
  }

  /// Takes one part at a time, later.
  private static void paused(Exchange exchange) {
    exchange.receive(
        new BodyReceiver() {
          private int bytes;

          @Override
          public void data(io.netty.buffer.ByteBuf part) {
            bytes += part.readableBytes();
            part.release();
            exchange.pauseBody();
            exchange.eventLoop().execute(exchange::resumeBody);
          }

          @Override
          public void end() {
            TestHandlers.text(exchange, 200, Integer.toString(bytes));
          }

          @Override
          public void refused(Refusal refusal) {
            EdgeReply.refuse(exchange, refusal);
          }
        },
        1 << 20);
  }

  @Test
  void a_handler_that_throws_answers_500_and_the_edge_lives_on() {
    try (RawClient client = edge.connect()) {
      client.send(post("/throws", "Content-Length: 2") + "hi" + PROBE);
      assertThat(client.answer().status()).isEqualTo(500);
      assertThat(client.answer().body()).isEqualTo("GET /echo ");
    }
  }

  private static void thrower(Exchange exchange) {
    throw new IllegalStateException("a test's bug");
  }

  @Test
  void a_second_receive_is_a_bug_of_the_handler() {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    try (Edge other =
            Edge.start(
                RouteTable.builder()
                    .any(
                        "/*",
                        exchange -> {
                          TestHandlers.echo(exchange);
                          try {
                            TestHandlers.echo(exchange);
                          } catch (IllegalStateException e) {
                            thrown.complete(e);
                          }
                        })
                    .build());
        RawClient client = other.connect()) {
      client.send(post("/x", "Content-Length: 2"));
      assertThat(thrown.join()).hasMessageContaining("twice");
    }
  }
}
