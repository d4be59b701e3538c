package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerTest {
  private Edge edge;

  @BeforeAll
  void start() {
    edge =
        Edge.start(
            RouteTable.builder()
                .get("/text", exchange -> TestHandlers.text(exchange, 200, "hello"))
                .get("/none/{status}", AnswerTest::bodiless)
                .get("/stream", AnswerTest::stream)
                .get("/large", AnswerTest::large)
                .get("/short", exchange -> announced(exchange, 6))
                .get("/long", exchange -> announced(exchange, 4))
                .get("/cut", AnswerTest::cut)
                .get("/headers", AnswerTest::headers)
                .get("/close", AnswerTest::closes)
                .get("/late", AnswerTest::late)
                .build());
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static void bodiless(Exchange exchange) {
    int status = Integer.parseInt(exchange.request().path().substring(6));
    exchange.reply(status, EdgeReply.newHeaders(), bytes("dropped"));
  }

  private static void stream(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    for (int i = 0; i < 10; i++) {
      exchange.write(bytes("event " + i + "\n"));
      exchange.write(Unpooled.EMPTY_BUFFER);
      exchange.flush();
    }
    exchange.write(bytes("x".repeat(10_000)));
    exchange.finish();
  }

  private static void large(Exchange exchange) {
    exchange.reply(200, EdgeReply.newHeaders(), bytes("y".repeat(1_000_000)));
  }

  private static void announced(Exchange exchange, int length) {
    exchange.head(200, EdgeReply.newHeaders(), length);
    exchange.write(bytes("hello"));
    exchange.finish();
  }

  private static void cut(Exchange exchange) {
    exchange.head(200, EdgeReply.newHeaders(), -1);
    exchange.write(bytes("half"));
    exchange.flush();
    exchange.eventLoop().execute(() -> exchange.reset("provider_failed"));
  }

  private static void headers(Exchange exchange) {
    HttpHeaders headers = EdgeReply.newHeaders();
    headers.add("x-bad", "a\r\nset-cookie: b\u0000\u2028");
    headers.add("content-length", "999").add("Transfer-Encoding", "chunked");
    headers.add("Connection", "upgrade").add("Date", "never").add("X-Request-Id", "theirs");
    headers.add("x-two", "1").add("x-2", "\u00e4");
    exchange.reply(200, headers, bytes("ok"));
  }

  private static void closes(Exchange exchange) {
    exchange.closeAfter();
    TestHandlers.text(exchange, 200, "bye");
  }

  private static void late(Exchange exchange) {
    TestHandlers.text(exchange, 200, "first");
    exchange.head(500, EdgeReply.newHeaders(), 0);
    exchange.write(bytes("late"));
    exchange.reply(500, EdgeReply.newHeaders(), bytes("late"));
    exchange.reset("late");
    exchange.finish();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: gate\r\n\r\n";
  }

  @Test
  void head_has_the_length_but_no_body() {
    try (RawClient client = edge.connect()) {
      client.send("HEAD /text HTTP/1.1\r\nHost: gate\r\n\r\n" + get("/text"));
      assertThat(client.answer(true).header("content-length")).isEqualTo("5");
      assertThat(client.answer().body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void answers_that_have_no_body_get_none(int status) {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send(get("/none/" + status) + get("/text")).answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.answer().body()).isEqualTo("hello");
    }
  }

  @Test
  void a_body_of_unknown_length_is_chunked() {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send(get("/stream") + get("/text")).answer();
      assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(answer.body()).startsWith("event 0\nevent 1\n").endsWith("x".repeat(10_000));
      assertThat(client.answer().body()).isEqualTo("hello");
    }
  }

  @Test
  void an_http_1_0_caller_gets_no_chunks_but_the_end_of_the_connection() {
    try (RawClient client = edge.connect()) {
      String keep = "Host: gate\r\nConnection: keep-alive\r\n\r\n";
      client.send("GET /text HTTP/1.0\r\n" + keep);
      assertThat(client.answer().header("connection")).isEqualTo("keep-alive");
      Answer answer = client.send("GET /stream HTTP/1.0\r\n" + keep).answer();
      assertThat(answer.headers()).doesNotContainKeys("transfer-encoding", "content-length");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).hasSize(10_080);
    }
  }

  @Test
  void an_http_1_0_caller_without_keep_alive_is_closed() {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send("GET /text HTTP/1.0\r\nHost: gate\r\n\r\n").answer();
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "Close", "keep-alive, close", "x ,\tclose"})
  void closes_when_the_caller_asks(String connection) {
    try (RawClient client = edge.connect()) {
      client.send("GET /text HTTP/1.1\r\nHost: gate\r\nConnection: " + connection + "\r\n\r\n");
      assertThat(client.answer().header("connection")).isEqualTo("close");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void closes_when_the_handler_asks() {
    try (RawClient client = edge.connect()) {
      assertThat(client.send(get("/close")).answer().header("connection")).isEqualTo("close");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void a_large_body_arrives_whole() {
    try (RawClient client = edge.connect()) {
      assertThat(client.send(get("/large")).answer().body()).isEqualTo("y".repeat(1_000_000));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/short", "/long"})
  void an_answer_unlike_its_announced_length_is_broken(String path) {
    try (RawClient client = edge.connect()) {
      client.send(get(path) + get("/text"));
      assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
          .doesNotContain("\r\n\r\nhello")
          .doesNotContain("text/plain");
    }
  }

  @Test
  void a_reset_answer_has_no_last_chunk() {
    try (RawClient client = edge.connect()) {
      client.send(get("/cut"));
      assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
          .endsWith("\r\n\r\n4\r\nhalf\r\n");
    }
  }

  @Test
  void a_reset_answer_to_http_1_0_ends_in_a_reset_of_the_connection() throws Exception {
    try (RawClient client = edge.connect()) {
      client.send("GET /cut HTTP/1.0\r\nHost: gate\r\n\r\n").readHead();
      client.read(4);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> client.socket().getInputStream().read())
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void no_header_breaks_out_of_its_line_and_framing_is_the_edges() {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send(get("/headers")).answer();
      assertThat(answer.header("x-bad")).isEqualTo("a??set-cookie: b??");
      assertThat(answer.header("content-length")).isEqualTo("2");
      assertThat(answer.header("x-request-id")).startsWith("req_");
      assertThat(answer.header("x-2")).isEqualTo("\u00e4");
      assertThat(answer.headers())
          .doesNotContainKeys("transfer-encoding", "connection", "set-cookie");
    }
  }

  @Test
  void what_comes_after_the_end_of_an_exchange_is_ignored() {
    try (RawClient client = edge.connect()) {
      client.send(get("/late") + get("/text"));
      assertThat(client.answer().body()).isEqualTo("first");
      assertThat(client.answer().body()).isEqualTo("hello");
    }
  }

  @Test
  void nothing_there_is_404_and_a_wrong_method_405() {
    try (RawClient client = edge.connect()) {
      Answer missing = client.send(get("/nowhere")).answer();
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.body()).contains("\"code\":\"not_found\"");
      client.send("DELETE /text HTTP/1.1\r\nHost: gate\r\n\r\n");
      Answer wrong = client.answer();
      assertThat(wrong.status()).isEqualTo(405);
      assertThat(wrong.header("allow")).isEqualTo("GET, HEAD");
      assertThat(wrong.body()).contains("DELETE is not allowed here (expected: GET, HEAD).");
    }
  }
}
