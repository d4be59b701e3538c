package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Providers and model names an organization defines for itself, with the product running.
class CustomProviderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.model("file/*", "local/*").settings("network: { allow: [127.0.0.0/8] }"));

  @AfterEach
  void forget() throws Exception {
    for (String list : List.of("providers", "models", "credentials")) {
      for (JsonNode each : world.admin().call("GET", "/api/" + list, "", 200).get("data")) {
        String id = each.path("ref").asText(each.get("id").asText());
        if (!each.path("source").asText().equals("file")) {
          world.admin().send("DELETE", "/api/" + list + "/" + id, "");
        }
      }
    }
  }

  private static JsonNode lab(String more) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/providers",
            "{\"id\":\"lab\",\"base_url\":\"%s\"%s}".formatted(world.provider().baseUrl(), more),
            201);
  }

  private static RawClient.Answer chat(String model) throws Exception {
    return world.post(CHAT, "{\"model\":\"%s\",\"messages\":[]}".formatted(model));
  }

  private static List<String> models() throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .send(
                  "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                      + world.key()
                      + "\r\n\r\n")
              .answer();
      List<String> ids = new ArrayList<>();
      JSON.readTree(answer.text()).get("data").forEach(each -> ids.add(each.get("id").asText()));
      return ids;
    }
  }

  @Test
  void is_called_listed_and_gone_again() throws Exception {
    assertThat(chat("lab/x").status()).isEqualTo(404);
    JsonNode made = lab(",\"headers\":{\"X-Lab\":\"canary-of-lab\"},\"models\":[\"m1\",\"m2\"]");
    assertThat(made.toString()).doesNotContain("canary-of-lab");
    assertThat(made.get("headers").toString()).isEqualTo("[\"x-lab\"]");
    OpenAIOkHttpClient.builder()
        .baseUrl(world.gate().url() + "/v1")
        .apiKey(world.key())
        .maxRetries(0)
        .build()
        .chat()
        .completions()
        .create(ChatCompletionCreateParams.builder().model("lab/m1").addUserMessage("x").build());
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("x-lab")).isEqualTo("canary-of-lab");
    assertThat(seen.header("authorization")).isNull();
    assertThat(seen.json().get("model").asText()).isEqualTo("m1");
    assertThat(models()).contains("fast", "lab/m1", "lab/m2").doesNotContain("file/*");
    JsonNode row = world.admin().call("GET", "/api/providers/lab", "", 200);
    assertThat(row.get("source").asText()).isEqualTo("api");
    assertThat(world.admin().send("DELETE", "/api/providers/lab", "").statusCode()).isEqualTo(204);
    assertThat(chat("lab/m1").status()).isEqualTo(404);
    assertThat(models()).doesNotContain("lab/m1");
  }

  @Test
  void its_stored_credential_goes_where_it_was_stored_for() throws Exception {
    lab(",\"headers\":{\"x-lab\":\"h\"}");
    world
        .admin()
        .call(
            "POST", "/api/credentials", "{\"provider\":\"lab\",\"secret\":\"sk-of-the-lab\"}", 201);
    assertThat(chat("lab/x").status()).isEqualTo(200);
    assertThat(world.provider().take().header("authorization")).isEqualTo("Bearer sk-of-the-lab");
    try (FakeProvider elsewhere = FakeProvider.start()) {
      JsonNode moved =
          world
              .admin()
              .call(
                  "PATCH",
                  "/api/providers/lab",
                  "{\"base_url\":\"%s\"}".formatted(elsewhere.baseUrl()),
                  200);
      // Headers were given for the old address.
      assertThat(moved.get("headers")).isEmpty();
      RawClient.Answer refused = chat("lab/x");
      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.text()).contains("store it again");
      assertThat(elsewhere.seen()).isEmpty();
      world
          .admin()
          .call(
              "PATCH",
              "/api/providers/lab",
              "{\"base_url\":\"%s\"}".formatted(world.provider().baseUrl()),
              200);
      assertThat(chat("lab/x").status()).isEqualTo(200);
    }
  }

  @Test
  void what_the_file_defines_the_file_owns() throws Exception {
    for (String[] call :
        new String[][] {
          {"POST", "/api/providers", "{\"id\":\"local\",\"base_url\":\"https://x.test/v1\"}"},
          {"PATCH", "/api/providers/local", "{\"models\":[]}"},
          {"DELETE", "/api/providers/local", ""},
          {"POST", "/api/models", "{\"id\":\"fast\",\"targets\":[\"local/x\"]}"},
          {"PATCH", "/api/models/fast", "{\"targets\":[\"local/x\"]}"},
          {"DELETE", "/api/models/fast", ""}
        }) {
      HttpResponse<String> refused = world.admin().send(call[0], call[1], call[2]);
      assertThat(refused.statusCode()).as(call[0] + call[1]).isEqualTo(409);
    }
    lab("");
    assertThat(
            world
                .admin()
                .send("POST", "/api/providers", "{\"id\":\"lab\",\"base_url\":\"https://x.test\"}")
                .statusCode())
        .isEqualTo(409);
    JsonNode file = world.admin().call("GET", "/api/providers/local", "", 200);
    assertThat(file.get("source").asText()).isEqualTo("file");
    assertThat(file.toString()).doesNotContain("upstream-secret");
  }

  @Test
  void names_are_exact_then_by_the_longest_wildcard_then_provider_and_model() throws Exception {
    lab("");
    model("emby/*", "lab/*");
    model("emby/large-*", "local/big-*", "lab/other");
    model("emby/exact", "local/just-this");
    model("file/own-*", "lab/mine-*");
    assertThat(sent("emby/exact")).isEqualTo("just-this");
    assertThat(sent("emby/large-9")).isEqualTo("big-9");
    assertThat(sent("emby/small/x")).isEqualTo("small/x");
    // Of the file's wildcard and the organization's the longer one.
    assertThat(sent("file/a")).isEqualTo("a");
    assertThat(sent("file/own-a")).isEqualTo("mine-a");
    assertThat(chat("emby/").status()).isEqualTo(404);
    assertThat(models()).contains("emby/exact").doesNotContain("emby/*");
    assertThat(
            world.admin().call("GET", "/api/models/~ZW1ieS8q", "", 200).get("targets").toString())
        .isEqualTo("[\"lab/*\"]");
    world.admin().call("PATCH", "/api/models/~ZW1ieS8q", "{\"targets\":[\"local/y\"]}", 200);
    assertThat(sent("emby/small/x")).isEqualTo("y");
  }

  @Test
  void an_admin_key_with_rules_leaves_names_alone_that_lead_beyond_them() throws Exception {
    lab("");
    model("beyond", "lab/a");
    model("within", "local/a");
    String narrow =
        world
            .admin()
            .createKey("{\"name\":\"n\",\"kind\":\"admin\",\"providers\":[\"local\"]}")
            .key();
    assertThat(byKey(narrow, "PATCH", "beyond", "{\"targets\":[\"local/b\"]}")).isEqualTo(403);
    assertThat(byKey(narrow, "DELETE", "beyond", "")).isEqualTo(403);
    assertThat(byKey(narrow, "PATCH", "within", "{\"targets\":[\"local/b\"]}")).isEqualTo(200);
    assertThat(byKey(narrow, "DELETE", "within", "")).isEqualTo(204);
    assertThat(world.admin().call("GET", "/api/models/beyond", "", 200).get("targets").toString())
        .isEqualTo("[\"lab/a\"]");
  }

  private static int byKey(String key, String method, String model, String body) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .send(
              "%s /api/models/%s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(method, model, key, body.length(), body))
          .answer()
          .status();
    }
  }

  private static void model(String id, String... targets) throws Exception {
    world
        .admin()
        .call(
            "POST",
            "/api/models",
            JSON.createObjectNode()
                .put("id", id)
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                    "targets", JSON.valueToTree(targets))
                .toString(),
            201);
  }

  private static String sent(String model) throws Exception {
    world.provider().reset();
    RawClient.Answer answer = chat(model);
    assertThat(answer.status()).as(model + answer.text()).isEqualTo(200);
    return world.provider().take().json().get("model").asText();
  }

  @Test
  void a_key_that_may_not_use_it_does_not_see_it() throws Exception {
    lab(",\"models\":[\"m1\"]");
    String narrow = world.admin().createKey("{\"name\":\"n\",\"providers\":[\"local\"]}").key();
    try (RawClient caller = world.caller()) {
      assertThat(
              caller.post(CHAT, narrow, "{\"model\":\"lab/m1\",\"messages\":[]}").answer().status())
          .isEqualTo(403);
    }
    try (RawClient caller = world.caller()) {
      assertThat(
              caller
                  .send(
                      "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                          + narrow
                          + "\r\n\r\n")
                  .answer()
                  .text())
          .contains("fast")
          .doesNotContain("lab/m1");
    }
  }

  @Test
  void serves_the_endpoints_it_says() throws Exception {
    lab(",\"endpoints\":[\"/embeddings\"]");
    assertThat(chat("lab/x").status()).isEqualTo(400);
    assertThat(world.post("/v1/embeddings", "{\"model\":\"lab/x\",\"input\":\"a\"}").status())
        .isEqualTo(200);
    assertThat(refused("{\"id\":\"b\",\"base_url\":\"%s\",\"endpoints\":[\"/messages\"]}"))
        .isEqualTo(422);
    assertThat(refused("{\"id\":\"b\",\"base_url\":\"%s\",\"dialect\":\"ollama\"}")).isEqualTo(422);
    assertThat(refused("{\"id\":\"sim\",\"base_url\":\"%s\"}")).isEqualTo(422);
    assertThat(refused("{\"id\":\"B\",\"base_url\":\"%s\"}")).isEqualTo(422);
    assertThat(refused("{\"id\":\"b\",\"base_url\":\"%s\",\"headers\":{\"host\":\"x\"}}"))
        .isEqualTo(422);
    assertThat(refused("{\"id\":\"b\",\"base_url\":\"%s\",\"headers\":{\"a\":\"\\n\"}}"))
        .isEqualTo(422);
    assertThat(refused("{\"id\":\"b\",\"base_url\":\"%s?x=1\"}")).isEqualTo(422);
  }

  private static int refused(String body) throws Exception {
    return world
        .admin()
        .send("POST", "/api/providers", body.formatted(world.provider().baseUrl()))
        .statusCode();
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    lab("");
    try (FakeProvider other = FakeProvider.start()) {
      world
          .provider()
          .answer(Answers.json(302, "{}", "location: " + other.baseUrl() + "/chat/completions"));
      assertThat(chat("lab/x").status()).isEqualTo(502);
      assertThat(other.connections()).isEmpty();
    }
  }

  @Test
  void literals_that_may_not_be_dialled_are_422_and_names_502_when_dialled() throws Exception {
    for (String host :
        List.of(
            "10.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::]",
            "0.0.0.0",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "100.100.100.200")) {
      HttpResponse<String> refused =
          world
              .admin()
              .send(
                  "POST",
                  "/api/providers",
                  "{\"id\":\"bad\",\"base_url\":\"http://%s/v1\"}".formatted(host));
      assertThat(refused.statusCode()).as(host + refused.body()).isEqualTo(422);
    }
  }

  @Test
  void another_organization_neither_sees_nor_reaches_it_and_pays_for_itself() throws Exception {
    lab(",\"models\":[\"m1\"]");
    model("ours", "local/x");
    try (var connection =
            java.sql.DriverManager.getConnection(
                "jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.executeUpdate(
          "INSERT INTO organization (id, name, created_millis) VALUES ('org_theirs', 'T', 1)");
      statement.executeUpdate(
          "INSERT INTO project (id, organization_id, name, created_millis)"
              + " VALUES ('prj_theirs', 'org_theirs', 'T', 1)");
    }
    String local = ServerFile.read(world.data()).adminKey();
    String as = "x-gatewright-as-organization: org_theirs";
    String kind = "{\"name\":\"a\",\"kind\":\"admin\"}";
    String admin =
        JSON.readTree(rest(local, "POST", "/api/keys", kind, as).text()).get("key").asText();
    String[] theirs = {"x-any: 1"};
    String key =
        JSON.readTree(rest(admin, "POST", "/api/keys", "{\"name\":\"t\"}", theirs).text())
            .get("key")
            .asText();
    for (String[] call :
        new String[][] {
          {"GET", "/api/providers/lab", ""},
          {"PATCH", "/api/providers/lab", "{\"models\":[]}"},
          {"DELETE", "/api/providers/lab", ""},
          {"GET", "/api/models/ours", ""},
          {"PATCH", "/api/models/ours", "{\"targets\":[\"local/y\"]}"},
          {"DELETE", "/api/models/ours", ""}
        }) {
      assertThat(rest(admin, call[0], call[1], call[2], theirs).status())
          .as(call[0] + call[1])
          .isEqualTo(404);
    }
    assertThat(rest(admin, "GET", "/api/providers", "", theirs).text())
        .doesNotContain("\"lab\"", world.provider().baseUrl())
        .contains("\"local\"");
    assertThat(asked(key, "lab/m1")).isEqualTo(404);
    assertThat(asked(key, "ours")).isEqualTo(404);
    // The platform's credentials are not open to it.
    assertThat(asked(key, "fast")).isEqualTo(402);
    assertThat(asked(key, "fast", "x-provider-auth: own")).isEqualTo(200);
    String own = "{\"id\":\"lab\",\"base_url\":\"%s\"}".formatted(world.provider().baseUrl());
    assertThat(rest(admin, "POST", "/api/providers", own, theirs).status()).isEqualTo(201);
    assertThat(asked(key, "lab/m1")).isEqualTo(200);
    assertThat(rest(admin, "DELETE", "/api/providers/lab", "", theirs).status()).isEqualTo(204);
    assertThat(chat("lab/m1").status()).isEqualTo(200);
  }

  private static int asked(String key, String model, String... headers) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .post(CHAT, key, "{\"model\":\"%s\",\"messages\":[]}".formatted(model), headers)
          .answer()
          .status();
    }
  }

  private static RawClient.Answer rest(
      String key, String method, String path, String body, String... headers) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .send(
              "%s %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\n%s\r\n"
                      .formatted(method, path, key, String.join("\r\n", headers))
                  + "content-type: application/json\r\ncontent-length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .answer();
    }
  }
}
