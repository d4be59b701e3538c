package dev.gatewright.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Self-hosted services through the whole product: who may call what of them, and what each side
/// sees of the other.
class ServicesTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: chat
                  preset: ollama
                  instances: [http://127.0.0.1:%1$d]
                - id: tts
                  preset: kokoro
                  instances: [http://127.0.0.1:%1$d/base]
                  credential: { bearer: backend-secret }
                  max-upload: 1KiB
                - id: gone
                  preset: piper
                  instances: [http://127.0.0.1:1]
              """
                  .formatted(fake.port())));

  /// The next request that is no probe.
  private static SeenRequest seen() throws InterruptedException {
    while (true) {
      SeenRequest next = world.provider().take();
      if (next.header("user-agent") != null || next.header("x-test") != null) {
        return next;
      }
    }
  }

  private static RawClient.Answer ask(String method, String path, String key, String... headers)
      throws Exception {
    try (RawClient caller = world.caller()) {
      return caller.request(method, path, key, new byte[0], headers).answer();
    }
  }

  private static String managing() throws Exception {
    return world
        .admin()
        .createKey(
            """
            {"name":"m","services":["chat"],"manage":["chat"]}
            """)
        .key();
  }

  @Test
  void a_post_that_names_itself_is_made_once() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{\"response\":\"hi\",\"done\":true}"));
    String body = "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":false}";
    assertThat(generate(body, "idempotency-key: a").status()).isEqualTo(200);
    RawClient.Answer[] again = new RawClient.Answer[1];
    // A call's end is written down a moment after its caller has it.
    Await.until(
        "its end",
        Duration.ofSeconds(20),
        () -> {
          again[0] = generate(body, "idempotency-key: a");
          return again[0].text().contains("receipt");
        });
    assertThat(again[0].status()).isEqualTo(409);
    assertThat(again[0].header("x-should-retry")).isEqualTo("false");
    assertThat(again[0].text()).contains("\"request_id\":\"req_");
    assertThat(generate(body + " ", "idempotency-key: a").status()).isEqualTo(422);
    assertThat(generate(body, "idempotency-key: " + "k".repeat(256)).status()).isEqualTo(400);
    assertThat(generate(body, "idempotency-key: b").status()).isEqualTo(200);
  }

  private static RawClient.Answer generate(String body, String header) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .request("POST", "/chat/api/generate", world.key(), body.getBytes(UTF_8), header)
          .answer();
    }
  }

  @Test
  void maps_paths_and_shows_the_backend_nothing_of_the_callers_credentials() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{\"models\":[]}", "x-extra: kept"));
    RawClient.Answer answer =
        ask(
            "GET",
            "/chat/api/tags?x=%20y",
            world.key(),
            "x-test: 1",
            "cookie: a=b",
            "origin: http://evil",
            "x-forwarded-for: 6.6.6.6",
            "connection: x-hop",
            "x-hop: 1");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-extra")).isEqualTo("kept");
    SeenRequest request = seen();
    assertThat(request.target()).isEqualTo("/api/tags?x=%20y");
    assertThat(request.header("host")).isEqualTo("127.0.0.1:" + world.provider().port());
    assertThat(request.header("x-test")).isEqualTo("1");
    for (String dropped :
        List.of("authorization", "cookie", "origin", "x-forwarded-for", "x-hop", "connection")) {
      assertThat(request.header(dropped)).describedAs(dropped).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-HTTP-Method-Override: DELETE",
        "X-HTTP-Method: DELETE",
        "X-Method-Override: DELETE",
        "X-Original-URL: /api/pull",
        "X-Original-URI: /api/pull",
        "X-Original-Method: DELETE",
        "X-Rewrite-URL: /api/pull",
        "Proxy: http://evil",
        "X_Forwarded_For: 6.6.6.6",
        "X-Forwarded_Client-Cert: evil",
        "Host_: evil",
        "X-Client-IP: 6.6.6.6",
        "True-Client-IP: 6.6.6.6",
        "CF-Connecting-IP: 6.6.6.6",
        "X-Cluster-Client-IP: 6.6.6.6",
        "X-Envoy-External-Address: 6.6.6.6",
        "X_Real_IP: 6.6.6.6",
        "Remote_User: root"
      })
  void what_claims_another_request_or_caller_goes_no_further(String header) throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{\"models\":[]}"));
    int status = ask("GET", "/chat/api/tags", world.key(), "x-test: 1", header).status();
    if (status == 200) {
      String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
      assertThat(seen().header(name)).isNull();
    } else {
      assertThat(status).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/chat",
        "/chat/",
        "/chat/api",
        "/chat/api/",
        "/ollama",
        "/ollama/",
        "/ollama/api",
        "/ollama/api/"
      })
  void a_base_url_with_or_without_a_slash_says_whether_the_service_lives(String path)
      throws Exception {
    world.provider().answer((_, wire) -> wire.reply(200, "text/plain", "alive".getBytes(UTF_8)));
    RawClient.Answer answer = ask("GET", path, world.key());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("alive");
    assertThat(ask("GET", path, "").status()).isEqualTo(401);
    assertThat(ask("POST", path, world.key()).status()).isIn(404, 405);
  }

  @Test
  void weights_may_be_longer_than_anything_else() throws Exception {
    world.provider().answer((_, wire) -> wire.reply(201, "text/plain", new byte[0]));
    byte[] weights = new byte[40 << 20];
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .request("POST", "/chat/api/blobs/sha256:0", managing(), weights, "x-test: 1")
              .answer();
      assertThat(answer.status()).isEqualTo(201);
    }
    try (RawClient caller = world.caller()) {
      assertThat(
              caller
                  .request(
                      "POST",
                      "/chat/api/chat",
                      world.key(),
                      new byte[0],
                      "content-length: " + weights.length)
                  .answer()
                  .status())
          .isEqualTo(413);
    }
  }

  @Test
  void reaches_ollamas_openai_face_and_the_alias() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    assertThat(ask("GET", "/chat/api/v1/models", world.key(), "x-test: 1").status()).isEqualTo(200);
    assertThat(seen().target()).isEqualTo("/v1/models");
    assertThat(ask("GET", "/ollama/api/tags", world.key(), "x-test: 1").status()).isEqualTo(200);
    assertThat(seen().target()).isEqualTo("/api/tags");
    assertThat(ask("GET", "/ollama/api/v1/models", world.key(), "x-test: 1").status())
        .isEqualTo(200);
    assertThat(seen().target()).isEqualTo("/v1/models");
  }

  @Test
  void sends_the_gates_own_credential_and_base_path() throws Exception {
    world.provider().answer((_, wire) -> wire.reply(200, "audio/mpeg", new byte[] {1, 2}));
    try (RawClient caller = world.caller()) {
      caller.post("/tts/api/v1/audio/speech", world.key(), "{\"input\":\"x\"}", "x-test: 1");
      RawClient.Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).containsExactly(1, 2);
    }
    SeenRequest request = seen();
    assertThat(request.target()).isEqualTo("/base/v1/audio/speech");
    assertThat(request.header("authorization")).isEqualTo("Bearer backend-secret");
    assertThat(request.text()).isEqualTo("{\"input\":\"x\"}");
  }

  @Test
  void refuses_in_order_key_list_scope_and_size() throws Exception {
    assertThat(ask("GET", "/chat/api/tags", "").status()).isEqualTo(401);
    RawClient.Answer unknown = ask("GET", "/chat/api/secret", world.key());
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).startsWith("{\"error\":\"");
    assertThat(ask("GET", "/nothing/api/tags", world.key()).status()).isEqualTo(404);
    RawClient.Answer pull = ask("POST", "/chat/api/pull", world.key());
    assertThat(pull.status()).isEqualTo(403);
    assertThat(pull.text()).contains("chat:manage");
    assertThat(ask("POST", "/chat/api/me", managing()).status()).isEqualTo(404);
    String long2k = "x".repeat(2048);
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller.post("/tts/api/v1/audio/speech", world.key(), long2k).answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.text()).contains("\"code\":\"body_too_large\"");
    }
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .get("/tts/api/v1/models", world.key(), "transfer-encoding: chunked", "x-test: 1")
              .send("800\r\n" + long2k + "\r\n0\r\n\r\n")
              .answer();
      assertThat(answer.status()).isEqualTo(413);
    }
  }

  @Test
  void lets_a_managing_key_manage() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    assertThat(ask("DELETE", "/chat/api/delete", managing(), "x-test: 1").status()).isEqualTo(200);
    assertThat(seen().method()).isEqualTo("DELETE");
  }

  @Test
  void a_backends_401_is_the_gates_problem() throws Exception {
    world.provider().answer((_, wire) -> wire.json(401, "{\"error\":\"no key\"}"));
    RawClient.Answer answer = ask("GET", "/tts/api/v1/models", world.key());
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("upstream_auth");
  }

  @Test
  void says_when_no_instance_answers() throws Exception {
    Await.until(
        "the instance to be out",
        Duration.ofSeconds(20),
        () -> ask("GET", "/gone/api/info", world.key()).status() == 503);
    RawClient.Answer answer = ask("GET", "/gone", world.key());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotNull();
  }

  @Test
  void answers_the_presets_liveness_for_a_key_only() throws Exception {
    world
        .provider()
        .answer((_, wire) ->
            wire.reply(
                200,
                "text/plain",
                "Ollama is running".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(ask("GET", "/chat", world.key()).text()).isEqualTo("Ollama is running");
    assertThat(ask("GET", "/ollama", world.key()).text()).isEqualTo("Ollama is running");
    assertThat(ask("GET", "/chat", "").status()).isEqualTo(401);
    assertThat(ask("GET", "/other", world.key()).status()).isEqualTo(404);
  }

  @Test
  void a_health_answer_without_end_is_cut_off_and_told() throws Exception {
    world
        .provider()
        .answer((_, wire) -> {
          wire.head(200, "content-type: text/plain", "transfer-encoding: chunked");
          for (int i = 0; i < 4_000; i++) {
            wire.chunk("x".repeat(80_000));
          }
        });
    RawClient.Answer answer = ask("GET", "/chat", world.key());
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("at most 65536 bytes");
  }

  @Test
  void records_each_call() throws Exception {
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    RawClient.Answer answer = ask("GET", "/tts/api/v1/models", world.key());
    String id = String.valueOf(answer.header("x-request-id"));
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () ->
            UsageRows.sqlite(world.data()).stream()
                .anyMatch(row ->
                    row.requestId().equals(id)
                        && row.model().equals("tts")
                        && row.target().equals("tts/-")
                        && row.outcome().equals("completed")));
  }
}
