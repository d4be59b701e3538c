package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whose credential calls go out with, as the provider sees it: the header's, the project's, the
/// organization's, the gate's own.
class CredentialCallsTest {
  private static final String CALL = "{\"model\":\"fast\",\"messages\":[]}";
  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup
              .provider("other", "openai", fake.baseUrl(), "headers: { x-team: blue, api-key: k }")
              .provider("walled", "openai", "http://127.0.0.1:" + fake.port() + "/walled", "")
              .model("pair", "local/first", "other/second")
              .model("claude-too", "claudes/claude-sonnet-4-5")
              .settings(
                  """
                  services:
                    - id: echo
                      preset: ollama
                      instances: [http://127.0.0.1:%d]
                      credential: { header: x-backend-key, value: of-the-file }
                  """
                      .formatted(fake.port())));

  @AfterEach
  void forget() throws Exception {
    for (JsonNode each : world.admin().call("GET", "/api/credentials", "", 200).get("data")) {
      world.admin().send("DELETE", "/api/credentials/" + each.get("id").asText(), "");
    }
  }

  private static JsonNode store(String provider, String secret, String more) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/credentials",
            "{\"provider\":\"%s\",\"secret\":\"%s\"%s}".formatted(provider, secret, more),
            201);
  }

  private static String project() throws Exception {
    return world.admin().call("GET", "/api/keys", "", 200).at("/data/0/project_id").asText();
  }

  private static JsonNode lastRow() throws Exception {
    return world.admin().call("GET", "/api/usage/attempts?limit=1", "", 200).at("/data/0");
  }

  private static OpenAIClient client(String... header) {
    OpenAIOkHttpClient.Builder builder =
        OpenAIOkHttpClient.builder()
            .baseUrl(world.gate().url() + "/v1")
            .apiKey(world.key())
            .maxRetries(0)
            .timeout(Duration.ofSeconds(30));
    for (int i = 0; i < header.length; i += 2) {
      builder.putHeader(header[i], header[i + 1]);
    }
    return builder.build();
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder().model("fast").addUserMessage("Hello.").build();
  }

  @Test
  void the_official_client_pays_with_a_header_of_its_own() throws Exception {
    String answer =
        client("X-Provider-Auth", "Bearer sk-of-the-caller-0001", "X-Provider", "LOCAL")
            .chat()
            .completions()
            .create(chat())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(answer).contains("Hello");
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("authorization")).isEqualTo("Bearer sk-of-the-caller-0001");
    assertThat(seen.header("x-provider-auth")).isNull();
    assertThat(seen.header("x-provider")).isNull();
    assertThat(seen.headers().toString()).doesNotContain("upstream-secret", world.key());
    Await.until(() -> rung().equals("header"));
  }

  private static String rung() {
    try {
      return lastRow().path("rung").asText();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void the_official_client_pays_with_what_is_stored() throws Exception {
    store("local", "sk-of-the-organization-1", "");
    client().chat().completions().create(chat());
    assertThat(world.provider().take().header("authorization"))
        .isEqualTo("Bearer sk-of-the-organization-1");
    Await.until(() -> rung().equals("organization"));
    store("local", "Bearer sk-of-the-project-0001", ",\"project_id\":\"" + project() + "\"");
    client().chat().completions().create(chat());
    assertThat(world.provider().take().header("authorization"))
        .isEqualTo("Bearer sk-of-the-project-0001");
    Await.until(() -> rung().equals("project"));
    forget();
    client().chat().completions().create(chat());
    assertThat(world.provider().take().header("authorization")).isEqualTo("Bearer upstream-secret");
    Await.until(() -> rung().equals("platform"));
  }

  @Test
  void a_provider_of_another_dialect_is_shown_it_in_its_own_way() throws Exception {
    store("claudes", "sk-ant-stored-0000001", "");
    String body = "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[]}";
    assertThat(world.post("/v1/messages", body).status()).isEqualTo(200);
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("x-api-key")).isEqualTo("sk-ant-stored-0000001");
    assertThat(seen.header("authorization")).isNull();
  }

  @Test
  void what_is_configured_to_carry_a_key_does_not_go_along_with_another() throws Exception {
    String call = "{\"model\":\"other/x\",\"messages\":[]}";
    assertThat(world.post(CHAT, call).status()).isEqualTo(200);
    assertThat(world.provider().take().header("api-key")).isEqualTo("k");
    assertThat(world.post(CHAT, call, "x-provider-auth: theirs").status()).isEqualTo(200);
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("api-key")).isNull();
    assertThat(seen.header("x-team")).isEqualTo("blue");
    assertThat(seen.header("authorization")).isEqualTo("Bearer theirs");
  }

  @Test
  void a_header_is_for_one_provider_once() throws Exception {
    assertThat(world.post(CHAT, CALL, "x-provider-auth: a", "x-provider-auth: b").status())
        .isEqualTo(400);
    assertThat(
            world.post(CHAT, CALL, "x-provider-auth: a", "x-provider: a", "x-provider: b").status())
        .isEqualTo(400);
    RawClient.Answer elsewhere = world.post(CHAT, CALL, "x-provider-auth: a", "x-provider: other");
    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.text()).contains("X-Provider: other", "local");
    for (String bad : List.of("Bearer", "Bearer ", "two words", "Basic dTpw")) {
      RawClient.Answer refused = world.post(CHAT, CALL, "x-provider-auth: " + bad);
      assertThat(refused.status()).as(bad).isEqualTo(400);
    }
    assertThat(world.provider().seen()).isEmpty();
  }

  @Test
  void no_target_of_another_provider_follows() throws Exception {
    // 200 and an error before the first byte: the next target would be tried.
    world.provider().answer(Answers.json(200, "{\"error\":{\"message\":\"no\",\"code\":500}}"));
    String call = "{\"model\":\"pair\",\"messages\":[]}";
    world.post(CHAT, call, "x-provider-auth: theirs");
    assertThat(world.provider().seen()).hasSize(1);
    world.provider().reset();
    assertThat(world.post(CHAT, call, "x-provider-auth: theirs", "x-provider: Other").status())
        .isEqualTo(200);
    assertThat(world.provider().take().json().get("model").asText()).isEqualTo("second");
  }

  @Test
  void the_providers_no_passes_as_it_came_where_the_caller_brought_the_key() throws Exception {
    for (int status : new int[] {401, 403}) {
      String said = "{\"error\":{\"message\":\"their words\",\"type\":\"t\",\"code\":\"c\"}}";
      world.provider().answer(Answers.json(status, said));
      RawClient.Answer own = world.post(CHAT, CALL, "x-provider-auth: theirs");
      assertThat(own.status()).isEqualTo(status);
      assertThat(own.text()).isEqualTo(said);
      RawClient.Answer gates = world.post(CHAT, CALL);
      assertThat(gates.status()).isEqualTo(502);
      assertThat(gates.text()).contains("upstream_auth");
    }
    store("local", "sk-stored-and-refused", "");
    RawClient.Answer stored = world.post(CHAT, CALL);
    assertThat(stored.status()).isEqualTo(502);
    assertThat(stored.text()).contains("upstream_auth", "cred_");
    world.provider().answer(Answers.json(401, "{\"error\":{\"message\":\"no\"}}"));
    assertThatThrownBy(() -> client("X-Provider-Auth", "x").chat().completions().create(chat()))
        .isInstanceOf(UnauthorizedException.class);
    world.provider().answer(Answers.html(401));
    assertThat(world.post(CHAT, CALL, "x-provider-auth: theirs").status()).isEqualTo(401);
  }

  @Test
  void a_test_key_does_not_look_at_it() throws Exception {
    String key = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .post(
                  CHAT,
                  key,
                  "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                  "x-provider-auth: a",
                  "x-provider-auth: b")
              .answer();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
    assertThat(world.provider().seen()).isEmpty();
  }

  @Test
  void a_service_is_shown_what_is_stored_for_it() throws Exception {
    world.provider().answer(Answers.json(200, "{}"));
    String body = "{\"model\":\"m\",\"stream\":false}";
    assertThat(world.post("/echo/api/chat", body, "x-provider-auth: theirs").status())
        .isEqualTo(200);
    SeenRequest files = chat(world.provider());
    assertThat(files.header("x-backend-key")).isEqualTo("of-the-file");
    assertThat(files.header("x-provider-auth")).isNull();
    store("echo", "of-the-organization", ",\"kind\":\"service\"");
    assertThat(world.post("/echo/api/chat", body).status()).isEqualTo(200);
    assertThat(chat(world.provider()).header("x-backend-key")).isEqualTo("of-the-organization");
    Await.until(() -> rung().equals("organization"));
  }

  /// Its health is asked for all the while.
  private static SeenRequest chat(FakeProvider provider) throws InterruptedException {
    while (true) {
      SeenRequest seen = provider.take();
      if (seen.path().equals("/api/chat")) {
        return seen;
      }
    }
  }

  @Test
  void mode_and_platform_close_rungs_with_402() throws Exception {
    try (var connection =
            java.sql.DriverManager.getConnection(
                "jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.executeUpdate("UPDATE project SET mode = 'api-keys'");
      try {
        // Any change of a credential makes the project's view be read anew.
        store("claudes", "sk-ant-stored-0000001", "");
        RawClient.Answer refused = world.post(CHAT, CALL);
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.text()).contains("insufficient_quota", "POST /api/credentials");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(world.post("/echo/api/chat", "{\"model\":\"m\"}").status()).isEqualTo(402);
        assertThat(world.provider().seen().stream().anyMatch(s -> s.method().equals("POST")))
            .isFalse();
        assertThat(world.post(CHAT, CALL, "x-provider-auth: theirs").status()).isEqualTo(200);
      } finally {
        statement.executeUpdate("UPDATE project SET mode = 'hybrid'");
        forget();
      }
    }
    assertThat(world.post(CHAT, CALL).status()).isEqualTo(200);
  }

  @Test
  void no_secret_is_seen_anywhere_but_at_its_provider() throws Exception {
    String header = "sk-header-canary-q7Zk2";
    String stored = "sk-stored-canary-w9Xm4";
    JsonNode made = store("local", stored, "");
    assertThat(made.toString()).doesNotContain(stored);
    assertThat(made.get("last4").asText()).isEqualTo("9Xm4");
    String id = made.get("id").asText();
    StringBuilder answers = new StringBuilder();
    for (String headers : List.of("x-ignored: 1", "x-provider-auth: " + header)) {
      RawClient.Answer answer = world.post(CHAT, CALL, headers);
      answers.append(answer.head()).append(answer.text());
      world.provider().next(Answers.json(500, "{\"error\":{\"message\":\"oh\"}}"));
      RawClient.Answer failed = world.post(CHAT, CALL, headers);
      answers.append(failed.head()).append(failed.text());
    }
    for (HttpResponse<String> rest :
        List.of(
            world.admin().send("GET", "/api/credentials/" + id, ""),
            world.admin().send("POST", "/api/credentials/" + id + "/check", "{}"),
            world.admin().send("GET", "/api/audit", ""),
            world
                .admin()
                .send("POST", "/api/credentials", "{\"secret\":\"" + stored + "\",\"x\":1}"),
            world.admin().send("POST", "/api/credentials", "{\"secret\":\"" + stored + "\"}"))) {
      answers.append(rest.headers()).append(rest.body());
    }
    assertThat(answers.toString()).doesNotContain(stored, header);
    Await.until("the access log", Duration.ofSeconds(20), () -> holds(CHAT));
    assertThat(holds(stored)).isFalse();
    assertThat(holds(header)).isFalse();
    assertThat(holds(id)).isTrue();
  }

  private static boolean holds(String text) {
    try (Stream<Path> files = Files.walk(world.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (new String(bytes, StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
      return false;
    } catch (IOException moved) {
      return false;
    }
  }

  @Test
  void a_check_goes_the_way_calls_go_and_replacing_keeps_what_works() throws Exception {
    JsonNode made = store("local", "sk-first-secret-0001", "");
    String path = "/api/credentials/" + made.get("id").asText();
    assertThat(world.admin().call("POST", path + "/check", "{}", 200).get("ok").asBoolean())
        .isTrue();
    SeenRequest seen = world.provider().take();
    assertThat(seen.method() + " " + seen.target()).isEqualTo("GET /v1/models");
    assertThat(seen.header("authorization")).isEqualTo("Bearer sk-first-secret-0001");
    world.provider().answer(Answers.json(401, "{}"));
    JsonNode bad = world.admin().call("POST", path + "/check", "{}", 200);
    assertThat(bad.get("ok").asBoolean()).isFalse();
    assertThat(bad.get("status").asInt()).isEqualTo(401);
    assertThat(bad.get("reason").asText()).contains("401");
    HttpResponse<String> refused =
        world.admin().send("PUT", path + "/secret", "{\"secret\":\"sk-second-secret-02\"}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("check_failed").doesNotContain("sk-second");
    world.provider().reset();
    world.post(CHAT, CALL);
    assertThat(world.provider().take().header("authorization"))
        .isEqualTo("Bearer sk-first-secret-0001");
    JsonNode replaced =
        world.admin().call("PUT", path + "/secret", "{\"secret\":\"sk-third-secret-003\"}", 200);
    assertThat(replaced.get("fingerprint")).isNotEqualTo(made.get("fingerprint"));
    world.provider().reset();
    world.post(CHAT, CALL);
    assertThat(world.provider().take().header("authorization"))
        .isEqualTo("Bearer sk-third-secret-003");
    assertThat(Objects.requireNonNull(replaced.get("created_at")))
        .isEqualTo(made.get("created_at"));
  }
}
