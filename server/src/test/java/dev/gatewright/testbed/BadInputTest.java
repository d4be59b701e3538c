package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers get wrong is answered with a documented status in their own dialect.
class BadInputTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final int BODY_BYTES_MAX = 20 * 1024 * 1024;

  @RegisterExtension static final GateWorld world = GateWorld.usual();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "junk",
        "gw_live_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_000000",
        "gw_test_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_3tf6So"
      })
  void a_key_that_is_not_accepted_is_401_and_always_the_same(String key) throws Exception {
    for (String path : List.of(CHAT, MESSAGES)) {
      try (RawClient caller = world.caller();
          RawClient other = world.caller()) {
        RawClient.Answer answer = caller.post(path, key, "{\"model\":\"fast\"}").answer();
        RawClient.Answer junk = other.post(path, "other-junk", "{\"model\":\"fast\"}").answer();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).startsWith("Bearer");
        assertThat(withoutIds(answer)).isEqualTo(withoutIds(junk));
      }
    }
    assertThat(world.provider().seen()).isEmpty();
  }

  @Test
  void carriers_that_disagree_are_401() throws Exception {
    assertThat(
            world.post(CHAT, "{\"model\":\"fast\",\"messages\":[]}", "x-api-key: other").status())
        .isEqualTo(401);
    assertThat(
            world
                .post(CHAT, "{\"model\":\"fast\",\"messages\":[]}", "x-api-key: " + world.key())
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{\"model\":\"fast\"",
        "[]",
        "{}",
        "{\"messages\":[]}",
        "{\"model\":5,\"messages\":[]}",
        "{\"model\":\"fast\",\"model\":\"fast\",\"messages\":[]}",
        "{\"model\":\"fast\",\"MODEL\":\"fast\",\"messages\":[]}",
        "{\"model\":\"fast\",\"mod\\u0065l\":\"slow\",\"messages\":[]}",
        "{\"model\":\"fast\",\"stream\":true,\"Stream\":false,\"messages\":[]}",
        "{\"model\":\"fast\",\"stream\":\"yes\",\"messages\":[]}",
        "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\","
            + "\"file\":{\"file_id\":\"file_1\"}}]}]}"
      })
  void a_body_that_is_wrong_is_400_in_both_dialects(String body) throws Exception {
    assertOpenAi(world.post(CHAT, body), 400, "invalid_request_error");
    assertAnthropic(
        world.post(MESSAGES, body.replace("fast", "claude")), 400, "invalid_request_error");
    assertThat(world.provider().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"previous_response_id\":\"resp_1\"",
        "\"conversation\":\"conv_1\"",
        "\"background\":true",
        "\"prompt\":{\"id\":\"pmpt_1\"}",
        "\"container\":\"cntr_1\"",
        "\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]",
        "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
        "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]"
      })
  void state_kept_at_the_provider_is_400_while_a_shared_credential_pays(String field)
      throws Exception {
    assertOpenAi(
        world.post("/v1/responses", "{\"model\":\"fast\"," + field + "}"),
        400,
        "invalid_request_error");
    assertThat(world.provider().seen()).isEmpty();
  }

  @Test
  void a_reference_to_an_answer_is_told_its_cure() throws Exception {
    RawClient.Answer answer =
        world.post(
            "/v1/responses",
            "{\"model\":\"fast\",\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("store: false", "reasoning.encrypted_content", "input[] of type item_reference");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"input\":\"previous_response_id\"",
        "\"previous_response_id\":null",
        "\"background\":false",
        "\"metadata\":{\"conversation\":\"conv_1\",\"container\":\"x\"}",
        "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]"
      })
  void the_same_names_elsewhere_are_no_state(String field) throws Exception {
    assertThat(world.post("/v1/responses", "{\"model\":\"fast\"," + field + "}").status())
        .isEqualTo(200);
  }

  @Test
  void depth_of_a_thousand_is_400() throws Exception {
    String deep = "[".repeat(1000) + "]".repeat(1000);
    assertOpenAi(
        world.post(CHAT, "{\"model\":\"fast\",\"messages\":" + deep + "}"),
        400,
        "invalid_request_error");
  }

  @Test
  void an_unknown_model_is_404_and_names_it() throws Exception {
    RawClient.Answer answer = world.post(CHAT, "{\"model\":\"no-such-one\",\"messages\":[]}");
    assertOpenAi(answer, 404, "invalid_request_error");
    assertThat(answer.text()).contains("model_not_found", "no-such-one");
    assertAnthropic(
        world.post(MESSAGES, "{\"model\":\"no-such-one\",\"messages\":[]}"),
        404,
        "not_found_error");
  }

  @Test
  void simulator_models_are_404_for_a_live_key() throws Exception {
    assertOpenAi(
        world.post(CHAT, "{\"model\":\"sim/echo\",\"messages\":[]}"), 404, "invalid_request_error");
  }

  @Test
  void an_announced_body_over_the_limit_is_413_before_it_is_sent() throws Exception {
    try (RawClient caller = world.caller()) {
      caller.send(
          "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
              .formatted(CHAT, world.key(), BODY_BYTES_MAX + 1));
      assertOpenAi(caller.answer(), 413, "invalid_request_error");
    }
  }

  @Test
  void a_chunked_body_over_the_limit_is_413() throws Exception {
    byte[] block = new byte[64 * 1024];
    java.util.Arrays.fill(block, (byte) ' ');
    try (RawClient caller = world.caller()) {
      caller.send(
          "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
              .formatted(CHAT, world.key()));
      try {
        for (int sent = 0; sent <= BODY_BYTES_MAX; sent += block.length) {
          caller.send(Integer.toHexString(block.length) + "\r\n").send(block).send("\r\n");
        }
      } catch (IOException e) {
        // The gate may have closed already; its answer is still to be read.
      }
      assertThat(caller.head().status()).isEqualTo(413);
    }
  }

  @Test
  void a_compressed_body_is_415() throws Exception {
    try (RawClient caller = world.caller()) {
      caller.post(
          CHAT, world.key(), Answers.gzip("{\"model\":\"fast\"}"), "content-encoding: gzip");
      assertOpenAi(caller.answer(), 415, "invalid_request_error");
    }
  }

  @Test
  void a_model_of_the_other_dialect_is_a_clear_400() throws Exception {
    assertOpenAi(
        world.post(CHAT, "{\"model\":\"claude\",\"messages\":[]}"), 400, "invalid_request_error");
    assertAnthropic(
        world.post(MESSAGES, "{\"model\":\"fast\",\"messages\":[]}"), 400, "invalid_request_error");
  }

  @Test
  void unknown_paths_and_methods_are_404_and_405() throws Exception {
    try (RawClient caller = world.caller()) {
      assertThat(caller.get("/v1/nothing", world.key()).answer().status()).isEqualTo(404);
      assertThat(caller.get(CHAT, world.key()).answer().status()).isEqualTo(405);
    }
  }

  private static void assertOpenAi(RawClient.Answer answer, int status, String type)
      throws IOException {
    assertThat(answer.status()).describedAs(answer.text()).isEqualTo(status);
    JsonNode error = json(answer).path("error");
    assertThat(error.path("type").asText()).isEqualTo(type);
    assertThat(error.path("message").asText()).isNotEmpty();
  }

  private static void assertAnthropic(RawClient.Answer answer, int status, String type)
      throws IOException {
    assertThat(answer.status()).describedAs(answer.text()).isEqualTo(status);
    assertThat(json(answer).path("type").asText()).isEqualTo("error");
    assertThat(json(answer).at("/error/type").asText()).isEqualTo(type);
    assertThat(json(answer).path("request_id").asText()).startsWith("req_");
  }

  private static String withoutIds(RawClient.Answer answer) {
    return answer.text().replaceAll("req_[0-9a-f]+", "req_");
  }

  private static JsonNode json(RawClient.Answer answer) throws IOException {
    return new ObjectMapper().readTree(new String(answer.body(), StandardCharsets.UTF_8));
  }
}
