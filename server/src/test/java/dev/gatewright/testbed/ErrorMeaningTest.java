package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider's errors, in every form they come in: the status, what is meant, and what a client's
/// retries go by reach the caller.
class ErrorMeaningTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORDS = "Too many grapes (limit 42)";
  private static final int[] STATUSES = {400, 404, 409, 413, 422, 429, 500, 502, 503, 529};

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: llm
                  preset: vllm
                  instances: [http://127.0.0.1:%d]
              """
                  .formatted(fake.port())));

  private static int models;

  enum Face {
    CHAT("/v1/chat/completions", "local/"),
    RESPONSES("/v1/responses", "local/"),
    MESSAGES("/v1/messages", "claudes/"),
    SERVICE("/llm/api/v1/chat/completions", "");

    private final String path;
    private final String provider;

    Face(String path, String provider) {
      this.path = path;
      this.provider = provider;
    }

    RawClient.Answer ask(RawClient caller) throws IOException {
      // A name of its own for each, so that no circuit opens.
      String body =
          "{\"model\":\"%sm%d\",\"max_tokens\":9,\"messages\":[]}".formatted(provider, models++);
      return caller
          .post(path, world.key(), body.getBytes(StandardCharsets.UTF_8), "x-test: 1")
          .answer();
    }
  }

  enum Body {
    OBJECT("application/json", object()),
    ARRAY("application/json", "[" + object() + "]"),
    TEXT("text/plain", WORDS),
    HTML(
        "text/html; charset=utf-8",
        "<!doctype html><html><head><style>p{color:red}</style></head><body><h1>Oh</h1>\n<p>"
            + WORDS
            + "</p></body></html>"),
    EMPTY("application/json", ""),
    BOM("application/json", "\uFEFF" + object()),
    WRONG_TYPE("text/html", object()),
    NO_TYPE("", object()),
    SHOUTED_TYPE("Application/JSON", object()),
    COMPRESSED("application/json", object()),
    COMPRESSED_TEXT("text/plain", WORDS),
    FLAT("application/json", "{\"object\":\"error\",\"message\":\"" + WORDS + "\",\"code\":3230}"),
    BROKEN("application/json", object().substring(0, object().length() - 1));

    private final String type;
    private final String text;

    Body(String type, String text) {
      this.type = type;
      this.text = text;
    }

    private static String object() {
      return "{ \"error\" : {\"message\":\"" + WORDS + "\",\"type\":\"t\",\"x\":1.10} }";
    }

    boolean compressed() {
      return name().startsWith("COMPRESSED");
    }

    byte[] bytes() {
      return compressed() ? Answers.gzip(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    /// It passes as it came.
    boolean passes() {
      return text.replace("\uFEFF", "").startsWith("{") && this != BROKEN;
    }
  }

  enum Retry {
    NONE(""),
    SECONDS("retry-after: 17"),
    DATE("retry-after: Fri, 27 Nov 2026 10:00:00 GMT"),
    MILLIS("retry-after-ms: 1700"),
    NEVER("x-should-retry: false");

    private final String line;

    Retry(String line) {
      this.line = line;
    }
  }

  private record Case(int status, Body body, Face face, Retry retry) {
    void answer(Wire wire) throws IOException {
      List<String> head = new ArrayList<>();
      if (!body.type.isEmpty()) {
        head.add("content-type: " + body.type);
      }
      if (body.compressed()) {
        head.add("content-encoding: gzip");
      }
      if (!retry.line.isEmpty()) {
        head.add(retry.line);
      }
      head.add("x-ratelimit-remaining-requests: 0");
      head.add("anthropic-ratelimit-requests-remaining: 0");
      byte[] bytes = body.bytes();
      head.add("content-length: " + bytes.length);
      wire.head(status, head.toArray(String[]::new));
      if (bytes.length > 0) {
        wire.raw(bytes);
      }
    }

    void check(RawClient.Answer answer) throws IOException {
      assertThat(answer.status()).isEqualTo(status);
      retries(answer);
      if (face == Face.SERVICE) {
        service(answer);
        return;
      }
      assertThat(answer.header("x-ratelimit-remaining-requests")).isNull();
      assertThat(answer.header("anthropic-ratelimit-requests-remaining")).isNull();
      assertThat(String.valueOf(answer.header("content-type")).toLowerCase(Locale.ROOT))
          .isEqualTo("application/json");
      if (body.passes()) {
        byte[] sent =
            body == Body.BOM ? Body.object().getBytes(StandardCharsets.UTF_8) : body.bytes();
        assertThat(answer.body()).isEqualTo(sent);
        assertThat(answer.header("content-encoding")).isEqualTo(body.compressed() ? "gzip" : null);
        return;
      }
      assertThat(answer.header("content-encoding")).isNull();
      JsonNode said = JSON.readTree(answer.body());
      assertThat(said.path("type").asText()).isEqualTo(face == Face.MESSAGES ? "error" : "");
      assertThat(said.at("/error/message").asText())
          .startsWith("The provider `")
          .contains(" answered " + status)
          .contains(body == Body.EMPTY ? "without a word" : WORDS)
          .doesNotContain("color:red", "<");
    }

    /// A backend's errors pass as they came; that it is busy is told in the gate's words and its
    /// own.
    private void service(RawClient.Answer answer) {
      if (status == 503) {
        assertThat(answer.text()).contains("\"code\":\"overloaded\"");
        assertThat(answer.text()).contains(body == Body.EMPTY ? "try again" : WORDS);
      } else {
        assertThat(answer.body()).isEqualTo(body.bytes());
      }
    }

    private void retries(RawClient.Answer answer) {
      boolean ours = face == Face.SERVICE && status == 503;
      for (String name : List.of("retry-after", "retry-after-ms", "x-should-retry")) {
        String value =
            retry.line.startsWith(name + ": ") ? retry.line.substring(name.length() + 2) : null;
        if (name.equals("retry-after") && value == null && ours) {
          value = "5";
        }
        assertThat(answer.header(name)).as(name).isEqualTo(value);
      }
    }
  }

  @TestFactory
  List<DynamicTest> keeps_status_meaning_and_retries() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    try (RawClient caller = world.caller()) {
      for (Face face : Face.values()) {
        for (int status : STATUSES) {
          for (Body body : Body.values()) {
            boolean retried = status == 429 || status == 503;
            for (Retry retry : retried ? Retry.values() : new Retry[] {Retry.NONE, Retry.SECONDS}) {
              Case each = new Case(status, body, face, retry);
              world.provider().answer((request, wire) -> answer(each, request, wire));
              RawClient.Answer answer = face.ask(caller);
              tests.add(DynamicTest.dynamicTest(each.toString(), () -> each.check(answer)));
            }
          }
        }
      }
    }
    return tests;
  }

  /// The gate's own probes of the service get no error.
  private static void answer(Case each, SeenRequest request, Wire wire) throws IOException {
    if (each.face() == Face.SERVICE && request.header("x-test") == null) {
      wire.json(200, "{}");
    } else {
      each.answer(wire);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":403,\"message\":\"x\",\"metadata\":{\"reasons\":[\"violence\"],\"flagged_input\":\"x\"}}}",
        "{\"error\":{\"message\":\"Your input was flagged\",\"type\":\"moderation_blocked\"}}",
        "{\"code\":\"403\",\"error\":\"Content violates usage guidelines. Failed check: SAFETY_CHECK\"}"
      })
  void a_403_that_refuses_the_content_is_the_callers(String body) throws Exception {
    world.provider().answer(Answers.json(403, body));
    for (Face face : Face.values()) {
      try (RawClient caller = world.caller()) {
        RawClient.Answer answer = face.ask(caller);
        assertThat(answer.status()).as("%s", face).isEqualTo(403);
        assertThat(answer.text()).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|{\"error\":{\"message\":\"Incorrect API key provided\"}}",
        "403|{\"error\":{\"message\":\"Your API key does not have permission\"}}",
        "403|<html>Forbidden</html>",
        "403|''"
      })
  void what_refuses_the_gates_credential_is_not_the_callers(int status, String body)
      throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    world.provider().answer(Answers.bytes(status, "application/json", bytes));
    for (Face face : Face.values()) {
      try (RawClient caller = world.caller()) {
        RawClient.Answer answer = face.ask(caller);
        assertThat(answer.status()).as("%s", face).isEqualTo(502);
        assertThat(answer.text()).contains("did not accept the gate's credential");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000, 2_000_000})
  void a_long_text_is_cut(int length) throws Exception {
    byte[] text = (WORDS + "x".repeat(length)).getBytes(StandardCharsets.UTF_8);
    world.provider().answer(Answers.bytes(400, "text/plain", text));
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer = Face.CHAT.ask(caller);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body().length).isBetween(4_000, 4_500);
    }
  }
}
