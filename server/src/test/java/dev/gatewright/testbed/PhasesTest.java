package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.testbed.UsageRows.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each phase of an upstream call has its own clear error; nothing hangs, and only what is safe is
/// repeated.
class PhasesTest {
  private static final String HASTY =
      "timeouts: { connect: 400ms, first-byte: 400ms, idle: 400ms }";
  private static final String CHAT = "{\"model\":\"%s\",\"messages\":[]}";

  private static final FakeProvider mute = mute();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup
              .provider("hasty", "openai", fake.baseUrl(), HASTY)
              .provider("hastyclaude", "anthropic", fake.baseUrl(), HASTY)
              .provider("mute", "openai", "https://127.0.0.1:" + mute.port() + "/v1", HASTY));

  private static FakeProvider mute() {
    try {
      return FakeProvider.startMute();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    mute.close();
  }

  @Test
  void a_refused_connection_is_502() throws Exception {
    assertError(chat("nobody/m1"), 502, "api_error", "upstream_error");
  }

  @Test
  void a_handshake_without_end_is_504_connect() throws Exception {
    assertError(chat("mute/m1"), 504, "timeout_error", "timeout_connect");
  }

  @Test
  void a_silent_provider_is_504_first_byte() throws Exception {
    world.provider().answer(Answers.hang());
    assertError(chat("hasty/silent"), 504, "timeout_error", "timeout_first_byte");
    RawClient.Answer claude =
        world.post(
            "/v1/messages", "{\"model\":\"hastyclaude/m\",\"max_tokens\":9,\"messages\":[]}");
    assertThat(claude.status()).isEqualTo(504);
    assertThat(json(claude).path("type").asText()).isEqualTo("error");
    assertThat(json(claude).at("/error/type").asText()).isEqualTo("timeout_error");
    assertThat(json(claude).path("request_id").asText()).startsWith("req_");
  }

  @Test
  void a_stream_that_stops_is_told_by_an_error_event() throws Exception {
    world
        .provider()
        .next((_, wire) -> {
          wire.streamHead().chunk(OpenAiAnswers.delta("one"));
          wire.hang();
        });
    RawClient.Answer answer =
        world.post(
            "/v1/chat/completions",
            "{\"model\":\"hasty/stalled\",\"stream\":true,\"messages\":[]}");
    assertThat(answer.text())
        .startsWith(OpenAiAnswers.delta("one") + "data: {\"error\":")
        .contains("timeout_idle");
  }

  @Test
  void a_body_that_stops_is_a_broken_answer() throws Exception {
    world
        .provider()
        .next((_, wire) -> {
          wire.head(200, "content-type: application/json", "content-length: 40000");
          wire.raw("{\"x\":\"" + "x".repeat(20_000));
          wire.hang();
        });
    assertThatThrownBy(() -> chat("hasty/half")).isInstanceOf(IOException.class);
  }

  @Test
  void a_body_that_is_cut_before_any_of_it_was_passed_on_is_told_by_status() throws Exception {
    world.provider().next(Answers.wrongLength(50, "{\"x\":"));
    assertThat(chat("local/short").status()).isEqualTo(502);
  }

  @Test
  void an_answer_shorter_than_announced_is_a_broken_answer() throws Exception {
    world.provider().next(Answers.wrongLength(50_000, "{\"x\":\"" + "x".repeat(20_000)));
    assertThatThrownBy(() -> chat("local/short")).isInstanceOf(IOException.class);
  }

  @Test
  void surplus_bytes_are_not_taken_for_the_next_answer() throws Exception {
    world
        .provider()
        .next(Answers.wrongLength(2, "{}HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad"));
    assertThat(chat("local/long").text()).isEqualTo("{}");
    assertThat(chat("local/long").text()).isEqualTo(OpenAiAnswers.CHAT);
  }

  @Test
  void a_close_without_an_answer_is_502() throws Exception {
    world.provider().next(Answers.closeWithoutAnswer());
    assertError(chat("local/closing"), 502, "api_error", "upstream_error");
    world.provider().next(Answers.resetWithoutAnswer());
    assertError(chat("local/closing"), 502, "api_error", "upstream_error");
  }

  @Test
  void an_answer_that_is_not_http_is_502() throws Exception {
    world
        .provider()
        .next((_, wire) -> {
          wire.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n");
          wire.close();
        });
    assertError(chat("local/ssh"), 502, "api_error", "upstream_error");
  }

  @Test
  void interim_answers_are_swallowed_and_the_connection_stays_good() throws Exception {
    world.provider().next(Answers.afterInterim(100, 103, 103));
    assertThat(chat("local/early").text()).isEqualTo(OpenAiAnswers.CHAT);
    assertThat(chat("local/early").text()).isEqualTo(OpenAiAnswers.CHAT);
    // Both calls went over one connection, which a 103 taken for the answer would have spoilt.
    assertThat(world.provider().seen()).hasSize(2);
  }

  @Test
  void a_providers_own_errors_pass_as_they_came() throws Exception {
    for (int status : new int[] {400, 404, 422, 429, 500, 503}) {
      String body = "{ \"error\" : {\"message\":\"theirs\",\"type\":\"odd\",\"x\":1.10}}";
      world.provider().next(Answers.json(status, body, "retry-after: 3"));
      RawClient.Answer answer = chat("local/errors" + status);
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.text()).isEqualTo(body);
      assertThat(answer.header("retry-after")).isEqualTo("3");
    }
  }

  @Test
  void the_gates_own_credential_refused_is_502_upstream_auth() throws Exception {
    for (int status : new int[] {401, 403}) {
      world.provider().next(Answers.json(status, "{\"error\":{\"message\":\"bad key sk-abc\"}}"));
      RawClient.Answer answer = chat("local/auth");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(json(answer).at("/error/code").asText()).isEqualTo("upstream_auth");
      assertThat(answer.text()).doesNotContain("sk-abc");
    }
  }

  @Test
  void html_instead_of_an_error_is_told_in_the_callers_dialect() throws Exception {
    world.provider().next(Answers.html(500), Answers.html(502));
    for (int i = 0; i < 2; i++) {
      RawClient.Answer answer = chat("local/html");
      assertThat(answer.status()).isBetween(500, 502);
      assertThat(json(answer).at("/error/type").asText()).isEqualTo("api_error");
    }
  }

  @Test
  void five_failures_open_the_circuit_of_that_model_only() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(chat("nobody/circuit").status()).isEqualTo(502);
    }
    RawClient.Answer refused = chat("nobody/circuit");
    assertError(refused, 503, "api_error", "overloaded");
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 10);
    assertThat(chat("nobody/other").status()).isEqualTo(502);
  }

  @Test
  void errors_of_the_caller_never_open_the_circuit() throws Exception {
    world.provider().answer(Answers.json(400, "{\"error\":{\"message\":\"no\",\"type\":\"x\"}}"));
    for (int i = 0; i < 8; i++) {
      assertThat(chat("local/four-hundred").status()).isEqualTo(400);
    }
  }

  /// A provider that closes each connection shortly after its answer: most reuses find out in time,
  /// some are retried on a fresh connection. A retry is an attempt with its own row; what the
  /// provider has seen is never sent twice.
  @Test
  void stale_connections_cost_at_most_one_retry_with_its_own_row() throws Exception {
    long seed = System.nanoTime();
    System.out.println("PhasesTest seed " + seed);
    Random random = new Random(seed);
    world
        .provider()
        .answer((_, wire) -> {
          wire.json(200, OpenAiAnswers.CHAT);
          wire.pause(Duration.ofNanos(random.nextInt(1_500_000)));
          wire.close();
        });
    int good = 0;
    try (RawClient caller = world.caller()) {
      for (int i = 0; i < 300; i++) {
        RawClient.Answer answer =
            caller
                .post("/v1/chat/completions", world.key(), CHAT.formatted("local/stale"))
                .answer();
        assertThat(answer.status()).isIn(200, 502);
        good += answer.status() == 200 ? 1 : 0;
      }
    }
    // How many meet the close only after their last byte is for the machine to decide.
    assertThat(good).isGreaterThan(100);
    world.admin().usage("by=model");
    List<Row> rows =
        UsageRows.sqlite(world.data()).stream()
            .filter(row -> row.model().equals("local/stale"))
            .toList();
    assertThat(rows.stream().filter(row -> row.status() == 200).count()).isEqualTo(good);
    assertThat(rows).allMatch(row -> row.ordinal() <= 1);
    assertThat(rows.stream().map(row -> row.requestId() + row.ordinal()).distinct().count())
        .isEqualTo(rows.size());
  }

  private static RawClient.Answer chat(String model) throws IOException {
    return world.post("/v1/chat/completions", CHAT.formatted(model));
  }

  private static void assertError(RawClient.Answer answer, int status, String type, String code)
      throws IOException {
    assertThat(answer.status()).describedAs(answer.text()).isEqualTo(status);
    JsonNode error = json(answer).path("error");
    assertThat(error.path("type").asText()).isEqualTo(type);
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(error.has("param")).isTrue();
  }

  private static JsonNode json(RawClient.Answer answer) throws IOException {
    return new ObjectMapper().readTree(new String(answer.body(), StandardCharsets.UTF_8));
  }
}
