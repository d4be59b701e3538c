package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client with a wrong base URL, or a wrong method, reads in its own dialect what would be right.
class WrongBaseTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  @ParameterizedTest
  @CsvSource({
    "POST, /chat/completions, openai, /v1",
    "POST, /v1/v1/chat/completions, openai, /v1",
    "POST, /api/v1/chat/completions, openai, /v1",
    "POST, /responses, openai, /v1",
    "POST, /embeddings, openai, /v1",
    "GET, /models, openai, /v1",
    "POST, /messages, anthropic, ''",
    "POST, /messages/count_tokens, anthropic, ''",
    "POST, /v1/v1/messages, anthropic, ''",
    "POST, /v1/v1/messages/count_tokens, anthropic, ''",
    "POST, /api/chat, ollama, /ollama",
    "POST, /api/generate, ollama, /ollama",
    "GET, /api/tags, ollama, /ollama",
    "GET, /api/version, ollama, /ollama"
  })
  void a_wrong_base_url_is_told_the_right_one(String method, String path, String form, String base)
      throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller.request(method, path, world.key(), "{}".getBytes(StandardCharsets.UTF_8)).answer();
      assertThat(answer.status()).isEqualTo(404);
      // As the caller called it, which may be behind a proxy's name.
      String right = "http://localhost%s)".formatted(base);
      assertThat(message(answer, form)).contains(method + " " + path, right);
    }
  }

  private static String message(RawClient.Answer answer, String form) throws Exception {
    JsonNode body = JSON.readTree(answer.body());
    if (form.equals("ollama")) {
      assertThat(body.path("error").isTextual()).isTrue();
      return body.path("error").asText();
    }
    assertThat(body.path("type").asText()).isEqualTo(form.equals("anthropic") ? "error" : "");
    return body.at("/error/message").asText();
  }

  @Test
  void a_wrong_method_is_405_in_the_dialect() throws Exception {
    for (String path : new String[] {"/v1/messages", "/v1/chat/completions"}) {
      try (RawClient caller = world.caller()) {
        RawClient.Answer answer = caller.get(path, world.key()).answer();
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("POST");
        String form = path.endsWith("messages") ? "anthropic" : "openai";
        assertThat(message(answer, form)).contains("GET is not allowed here");
      }
    }
  }
}
