package dev.gatewright.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.key.ApiKey;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.RawCaller.Reply;
import dev.gatewright.policy.Rule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each way a call can go wrong, and the documented status it comes to.
class RefusalsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static LlmWorld world;

  @BeforeAll
  static void start() throws IOException {
    world = new LlmWorld();
  }

  @AfterAll
  static void stop() throws IOException {
    world.close();
  }

  @Test
  void refuses_a_missing_and_a_junk_key_in_the_dialect() throws Exception {
    Reply openai = world.post(CHAT, "junk", "{\"model\":\"fast\"}");
    assertThat(openai.status()).isEqualTo(401);
    assertThat(openai.header("www-authenticate")).isEqualTo("Bearer");
    assertThat(openai.text()).contains("\"code\":\"invalid_api_key\"");
    Reply anthropic = world.post("/v1/messages", "junk", "{\"model\":\"fast\"}");
    assertThat(anthropic.text())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"");
    assertThat(world.provider.untouched()).isTrue();
  }

  @Test
  void refuses_an_admin_key() throws Exception {
    String admin = world.key(ApiKey.Kind.ADMIN).text().expose();
    assertThat(world.post(CHAT, admin, "{\"model\":\"fast\"}").status()).isEqualTo(403);
  }

  @Test
  void refuses_a_compressed_body() throws Exception {
    assertThat(world.post(CHAT, world.live, "x", "content-encoding: gzip").status()).isEqualTo(415);
    assertThat(world.provider.untouched()).isTrue();
  }

  @Test
  void refuses_a_body_that_is_too_long_or_unreadable() throws Exception {
    String long_ = "{\"model\":\"fast\",\"x\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(world.post(CHAT, world.live, long_).status()).isEqualTo(413);
    assertThat(world.post(CHAT, world.live, "{\"model\":").status()).isEqualTo(400);
    assertThat(world.post(CHAT, world.live, "").status()).isEqualTo(400);
    String deep = "{\"model\":\"fast\",\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThat(world.post(CHAT, world.live, deep).status()).isEqualTo(400);
  }

  @Test
  void refuses_a_body_beyond_the_common_budget_and_gives_the_budget_back() throws Exception {
    String body = "{\"model\":\"fast\",\"x\":\"" + "x".repeat(900_000) + "\"}";
    try (RawCaller first = world.caller();
        RawCaller second = world.caller()) {
      first.begin(CHAT, world.live, body, body.length() - 1);
      second.begin(CHAT, world.live, body, body.length() - 1);
      dev.gatewright.testbed.Await.until(() -> world.plane.heldBodies().heldBytes() > 1_500_000);
      Reply third = world.post(CHAT, world.live, body);
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("retry-after")).isEqualTo("1");
    }
    dev.gatewright.testbed.Await.until(() -> world.plane.heldBodies().heldBytes() == 0);
    world.provider.answer((_, to) -> to.json(200, "{}"));
    assertThat(world.post(CHAT, world.live, body).status()).isEqualTo(200);
    world.provider.take();
    assertThat(world.plane.heldBodies().heldBytes()).isZero();
  }

  @Test
  void refuses_state_kept_at_the_provider() throws Exception {
    Reply reply =
        world.post(
            "/v1/responses",
            world.live,
            "{\"model\":\"fast\",\"previous_response_id\":\"resp_1\"}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("\"param\":\"previous_response_id\"");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,nope,404,model_not_found",
    "/v1/chat/completions,nobody2/x,404,model_not_found",
    "/v1/chat/completions,sim/echo,404,model_not_found",
    "/v1/chat/completions,claude,400,invalid_request",
    "/v1/chat/completions,walled/x,502,upstream_error",
    "/v1/messages,nope,404,not_found_error",
    "/v1/messages,fast,400,invalid_request_error",
  })
  void refuses_models_that_lead_nowhere(String path, String model, int status, String word)
      throws Exception {
    Reply reply = world.post(path, world.live, "{\"model\":\"" + model + "\"}");
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).contains(word);
    assertThat(world.provider.untouched()).isTrue();
  }

  @Test
  void refuses_what_policy_denies_and_lists_only_the_rest() throws Exception {
    String key =
        world
            .key(ApiKey.Kind.LIVE, new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("claude")))
            .text()
            .expose();
    Reply reply = world.post(CHAT, key, "{\"model\":\"fast\"}");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).contains("policy_denied");
    assertThat(world.get("/v1/models", key).text()).contains("claude").doesNotContain("fast");
    assertThat(world.get("/v1/models/fast", key).status()).isEqualTo(404);
  }

  @Test
  void passes_a_providers_error_in_its_dialect() throws Exception {
    String error = "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"x\":1}}";
    for (int status : new int[] {400, 404, 429, 500, 529}) {
      world.provider.answer((_, to) -> to.json(status, error));
      Reply reply = world.post(CHAT, world.live, "{\"model\":\"local/e" + status + "\"}");
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.text()).isEqualTo(error);
      world.provider.take();
      assertThat(world.attempts.last().usage()).isEqualTo(Usage.NOTHING);
      assertThat(world.attempts.last().end()).isEqualTo(End.COMPLETED);
    }
  }

  @Test
  void tells_a_refused_credential_of_ours_as_502() throws Exception {
    for (int status : new int[] {401, 403}) {
      world.provider.answer((_, to) -> to.json(status, "{\"error\":{}}"));
      Reply reply = world.post(CHAT, world.live, "{\"model\":\"fast\"}");
      assertThat(reply.status()).isEqualTo(502);
      assertThat(reply.text()).contains("upstream_auth");
      assertThat(reply.header("x-should-retry")).isEqualTo("false");
      world.provider.take();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500,text/html,<html>no</html>,500",
    "404,text/html,<html>no</html>,404",
    "429,text/plain,slow down,429",
    "503,application/json,<html>,503",
    "500,application/json,'',500",
    "500,application/json,'[1]',500",
    "302,text/plain,moved,502",
    "200,text/html,<html>hi</html>,502",
  })
  void tells_what_is_not_the_dialects_as_its_own(int status, String type, String body, int told)
      throws Exception {
    world.provider.answer((_, to) -> to.answer(status, type, body));
    Reply reply = world.post(CHAT, world.live, "{\"model\":\"local/html" + status + "\"}");
    assertThat(reply.status()).isEqualTo(told);
    assertThat(reply.text()).startsWith("{\"error\":{\"message\":\"The provider `local`");
    world.provider.take();
  }

  @Test
  void tells_a_provider_that_breaks_off_before_the_body_as_502() throws Exception {
    world.provider.answer((_, to) -> {
      to.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n");
      to.cut();
    });
    assertThat(world.post(CHAT, world.live, "{\"model\":\"fast\"}").status()).isEqualTo(502);
    world.provider.take();
    assertThat(world.attempts.last().end()).isEqualTo(End.FAILED);
  }

  @Test
  void breaks_off_where_the_provider_lied_about_its_length() throws Exception {
    world.provider.answer((_, to) -> {
      to.send(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n{\"a\":\""
              + "x".repeat(40_000));
      to.cut();
    });
    assertThatThrownBy(() -> world.post(CHAT, world.live, "{\"model\":\"fast\"}"))
        .isInstanceOf(IOException.class);
    world.provider.take();
  }

  @Test
  void names_the_phase_that_was_too_slow() throws Exception {
    world.provider.answer((_, to) -> to.left(10_000));
    Reply reply = world.post(CHAT, world.live, "{\"model\":\"local/slow\"}");
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).contains("timeout_first_byte");
    world.provider.take();
  }

  @Test
  void opens_the_circuit_of_a_model_whose_provider_is_down() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(world.post(CHAT, world.live, "{\"model\":\"down\"}").status()).isEqualTo(502);
    }
    Reply reply = world.post(CHAT, world.live, "{\"model\":\"down\"}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains("circuit");
    assertThat(Integer.parseInt(reply.header("retry-after"))).isBetween(1, 10);
    // The same model's next target takes over.
    world.provider.answer((_, to) -> to.json(200, "{}"));
    assertThat(world.post(CHAT, world.live, "{\"model\":\"spare\"}").status()).isEqualTo(200);
    world.provider.take();
  }

  @Test
  void answers_unknown_endpoints_and_methods() throws Exception {
    assertThat(world.get("/v1/nothing", world.live).status()).isEqualTo(404);
    assertThat(world.get(CHAT, world.live).status()).isEqualTo(405);
  }
}
