package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever refuses a call, the error comes in the form that the path's clients read.
class ServiceErrorFormsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY = "{\"model\":\"m\",\"messages\":[],\"stream\":true}";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: chat
                  preset: ollama
                  instances: [http://127.0.0.1:%1$d]
                  max-upload: 1KiB
                - id: llm
                  preset: vllm
                  instances: [http://127.0.0.1:%1$d]
                - id: full
                  preset: ollama
                  instances: [http://127.0.0.1:%1$d]
                  concurrency: 1
                  queue: { length: 0, wait: 1s }
                - id: down
                  preset: ollama
                  instances: [http://127.0.0.1:%2$d]
                - id: any
                  preset: http
                  instances: [http://127.0.0.1:%1$d]
                  allow: [POST /v1/messages]
              """
                  .formatted(fake.port(), refusedPort())));

  enum Form {
    OPENAI("/api/v1/chat/completions"),
    OLLAMA("/api/chat"),
    ANTHROPIC("/api/v1/messages");

    private final String path;

    Form(String path) {
      this.path = path;
    }

    void holds(RawClient.Answer answer) {
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      tells(read(answer.text()));
      assertThat(answer.header("request-id"))
          .isEqualTo(this == ANTHROPIC ? answer.header("x-request-id") : null);
    }

    void tells(JsonNode body) {
      JsonNode error = body.path("error");
      switch (this) {
        case OLLAMA -> assertThat(error.isTextual()).describedAs("%s", body).isTrue();
        case OPENAI -> {
          assertThat(error.path("message").asText()).isNotEmpty();
          assertThat(error.path("type").isTextual()).isTrue();
          assertThat(error.has("code")).isTrue();
          assertThat(error.has("param")).isTrue();
          assertThat(body.has("type")).isFalse();
        }
        case ANTHROPIC -> {
          assertThat(body.path("type").asText()).isEqualTo("error");
          assertThat(error.path("type").asText()).matches("[a-z_]+_error|request_too_large");
          assertThat(error.path("message").asText()).isNotEmpty();
          assertThat(body.path("request_id").asText()).startsWith("req_");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_a_bad_key(Form form) throws Exception {
    for (String service : new String[] {"/chat", "/ollama"}) {
      RawClient.Answer answer = ask(service + form.path, "gw_live_wrong", BODY);
      assertThat(answer.status()).isEqualTo(401);
      form.holds(answer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/chat/api/v1/nothing, OPENAI",
    "/ollama/api/v1/nothing, OPENAI",
    "/llm/api/v1/nothing, OPENAI",
    "/llm/api/nothing, OPENAI",
    "/any/api/v1/messages/x, OPENAI",
    "/chat/api/nothing, OLLAMA",
    "/ollama/api/nothing, OLLAMA",
    "/chat/api/v1/messages/x, ANTHROPIC",
    "/llm/api/v1/messages/x, ANTHROPIC"
  })
  void of_an_unknown_path(String path, Form form) throws Exception {
    RawClient.Answer answer = ask(path, world.key(), BODY);
    assertThat(answer.status()).isEqualTo(404);
    form.holds(answer);
  }

  @ParameterizedTest
  @EnumSource
  void of_a_body_that_is_no_json_or_too_long(Form form) throws Exception {
    RawClient.Answer odd = ask("/chat" + form.path, world.key(), "{\"model\":");
    assertThat(odd.status()).isEqualTo(400);
    form.holds(odd);
    RawClient.Answer large = ask("/chat" + form.path, world.key(), " ".repeat(2_000));
    assertThat(large.status()).isEqualTo(413);
    form.holds(large);
  }

  @ParameterizedTest
  @EnumSource
  void of_a_full_queue(Form form) throws Exception {
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
          } else {
            wire.hang();
          }
        });
    try (RawClient first = world.caller()) {
      first.post("/full" + form.path, world.key(), BODY, "x-test: 1");
      SeenRequest request = world.provider().take();
      while (request.header("x-test") == null) {
        request = world.provider().take();
      }
      RawClient.Answer answer = ask("/full" + form.path, world.key(), BODY);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isNotNull();
      form.holds(answer);
      first.leave(false);
      request.closed().join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_a_backend_that_is_down(Form form) throws Exception {
    for (int i = 0; i < 3; i++) {
      RawClient.Answer answer = ask("/down" + form.path, world.key(), BODY);
      assertThat(answer.status()).isIn(502, 503);
      form.holds(answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_a_backend_that_does_not_take_the_gates_credential(Form form) throws Exception {
    world.provider().answer((_, wire) -> wire.json(403, "{\"detail\":\"no\"}"));
    RawClient.Answer answer = ask("/chat" + form.path, world.key(), BODY);
    assertThat(answer.status()).isEqualTo(502);
    form.holds(answer);
  }

  @ParameterizedTest
  @EnumSource
  void of_a_stream_that_is_cut(Form form) throws Exception {
    boolean lines = form == Form.OLLAMA;
    String part = lines ? "{\"done\":false}\n" : "data: {}\n\n";
    world
        .provider()
        .answer((request, wire) -> {
          if (request.header("x-test") == null) {
            wire.json(200, "{}");
            return;
          }
          wire.head(
              200,
              "content-type: " + (lines ? "application/x-ndjson" : "text/event-stream"),
              "transfer-encoding: chunked");
          wire.chunk(part).close();
        });
    String text = ask("/chat" + form.path, world.key(), BODY).text();
    assertThat(text).startsWith(part);
    String last = text.substring(part.length());
    if (form == Form.ANTHROPIC) {
      assertThat(last).startsWith("event: error\n");
      last = last.substring("event: error\n".length());
    }
    form.tells(read(lines ? last : last.substring("data: ".length())));
  }

  @Test
  void of_a_model_that_the_keys_rules_forbid() throws Exception {
    String key =
        world
            .admin()
            .createKey(
                "{\"name\":\"r\",\"rules\":[{\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"m\"]}]}")
            .key();
    for (Form form : Form.values()) {
      RawClient.Answer answer = ask("/chat" + form.path, key, BODY);
      assertThat(answer.status()).isEqualTo(403);
      form.holds(answer);
    }
  }

  private static RawClient.Answer ask(String path, String key, String body) throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.post(path, key, body.getBytes(StandardCharsets.UTF_8), "x-test: 1").answer();
    }
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static int refusedPort() {
    try {
      return FakeProvider.refusedPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
