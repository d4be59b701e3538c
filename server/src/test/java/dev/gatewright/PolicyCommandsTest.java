package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.CommandGate.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules from the command line, against a real server: set, explained, felt by calls.
class PolicyCommandsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static CommandGate gate;

  @BeforeAll
  static void start() throws IOException {
    gate = CommandGate.start(folder);
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  @AfterEach
  void removeRules() throws IOException {
    for (JsonNode rule : gate.run("policy", "list", "--json").json().path("data")) {
      gate.run("policy", "remove", rule.path("id").asText());
    }
  }

  private static JsonNode add(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("policy", "add", "--json"));
    all.addAll(List.of(options));
    return gate.run(all.toArray(String[]::new)).json();
  }

  private static JsonNode explain(String key, boolean allowed, String... options)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("policy", "explain", key, "--json"));
    all.addAll(List.of(options));
    Result result = gate.run(all.toArray(String[]::new));
    assertThat(result.exitCode())
        .as("%s %s", result.out(), result.err())
        .isEqualTo(allowed ? 0 : 5);
    JsonNode answer = new ObjectMapper().readTree(result.out());
    assertThat(answer.path("allowed").asBoolean()).isEqualTo(allowed);
    return answer;
  }

  @Test
  void adds_lists_and_removes_rules() throws IOException {
    JsonNode made = add("--on", "organization", "--deny", "--models", "a,b*", "--name", "no a");
    assertThat(made.path("values").toString()).isEqualTo("[\"a\",\"b*\"]");
    String id = made.path("id").asText();
    assertThat(gate.run("policy", "list").out()).contains(id).contains("no a");
    assertThat(gate.run("policy", "list", "--on", "project").out()).doesNotContain(id);
    assertThat(gate.run("policy", "remove", id).exitCode()).isZero();
    assertThat(gate.run("policy", "remove", id).exitCode()).isEqualTo(3);
    for (String[] wrong :
        new String[][] {
          {"--on", "organization", "--models", "a"},
          {"--on", "organization", "--deny"},
          {"--on", "organization", "--deny", "--allow", "--models", "a"},
          {"--on", "organization", "--deny", "--models", "a", "--ip", "10.0.0.0/8"}
        }) {
      List<String> all = new ArrayList<>(List.of("policy", "add"));
      all.addAll(List.of(wrong));
      assertThat(gate.run(all.toArray(String[]::new)).exitCode()).as("%s", all).isEqualTo(1);
    }
    assertThat(gate.run("policy", "add", "--on", "site", "--deny", "--models", "a").exitCode())
        .isEqualTo(5);
  }

  @Test
  void explains_models_by_the_layer_that_decides() throws IOException {
    String key = gate.create().path("id").asText();
    JsonNode open = explain(key, true, "--model", "fast");
    assertThat(open.path("target").asText()).isEqualTo("openai/m");
    assertThat(open.at("/credential/rung").asText()).isEqualTo("platform");
    assertThat(open.path("rule").isNull()).isTrue();
    assertThat(explain(key, true, "--model", "openai/other").path("target").asText())
        .isEqualTo("openai/other");
    assertThat(explain(key, false, "--model", "none").path("status").asInt()).isEqualTo(404);
    assertThat(explain(key, false).path("status").asInt()).isEqualTo(400);
    assertThat(explain(key, false, "--path", "/v1/none", "--model", "fast").path("status").asInt())
        .isEqualTo(404);

    String own = add("--on", "key", "--id", key, "--deny", "--models", "fast").path("id").asText();
    JsonNode no = explain(key, false, "--model", "fast");
    assertThat(no.path("status").asInt()).isEqualTo(403);
    assertThat(no.at("/rule/id").asText()).isEqualTo(own);
    assertThat(no.at("/rule/on").asText()).isEqualTo("key");
    String outer =
        add("--on", "organization", "--allow", "--providers", "local", "--name", "only local")
            .path("id")
            .asText();
    JsonNode outermost = explain(key, false, "--model", "openai/other");
    assertThat(outermost.at("/rule/id").asText()).isEqualTo(outer);
    assertThat(outermost.at("/rule/name").asText()).isEqualTo("only local");
    assertThat(outermost.path("help").asText()).contains(outer).contains("policy explain " + key);
  }

  @Test
  void explains_services_rooms_addresses_and_keys_that_are_not_accepted() throws IOException {
    String key = gate.create("--ip", "10.0.0.0/8").path("id").asText();
    assertThat(explain(key, true, "--method", "GET", "--path", "/tts").path("target").asText())
        .isEqualTo("tts");
    assertThat(explain(key, true, "--path", "/tts/api/synthesize").path("target").asText())
        .isEqualTo("tts");
    assertThat(explain(key, false, "--path", "/tts/api/none").path("status").asInt())
        .isEqualTo(404);
    assertThat(explain(key, true, "--path", "/v1/rooms").path("target").asText())
        .isEqualTo("daily");
    assertThat(explain(key, true, "--path", "/v1/rooms").at("/credential/rung").asText())
        .isEqualTo("header");
    assertThat(explain(key, false, "--model", "fast", "--ip", "192.0.2.1").at("/rule/on").asText())
        .isEqualTo("key");
    explain(key, true, "--model", "fast", "--ip", "10.1.2.3");
    add("--on", "organization", "--deny", "--services", "t*");
    add("--on", "organization", "--deny", "--rooms", "daily");
    for (String[] asked :
        new String[][] {
          {"--method", "GET", "--path", "/tts"},
          {"--path", "/tts/api/synthesize"},
          {"--method", "GET", "--path", "/tts/ws"},
          {"--path", "/v1/rooms"}
        }) {
      assertThat(explain(key, false, asked).at("/rule/on").asText()).isEqualTo("organization");
    }
    explain(key, true, "--path", "/v1/rooms", "--provider", "livekit");
    gate.run("keys", "disable", key);
    JsonNode disabled = explain(key, false, "--model", "fast");
    assertThat(disabled.path("status").asInt()).isEqualTo(401);
    assertThat(disabled.path("help").asText()).contains("disabled");
    assertThat(gate.run("policy", "explain", "key_0000000000").exitCode()).isEqualTo(3);
    assertThat(gate.run("policy", "explain", key, "--path", "/api/keys").exitCode()).isEqualTo(5);
  }

  @Test
  void explains_pages_and_credentials_that_are_brought_along() throws IOException {
    String page = "https://app.example.com";
    String key = gate.create("--origins", page).path("id").asText();
    explain(key, true, "--model", "fast");
    explain(key, true, "--model", "fast", "--origin", page);
    for (String elsewhere : List.of("https://example.com", "null", "")) {
      JsonNode no = explain(key, false, "--model", "fast", "--origin", elsewhere);
      assertThat(no.path("status").asInt()).isEqualTo(403);
      assertThat(no.path("message").asText()).startsWith("origin: ");
    }

    assertThat(explain(key, true, "--model", "fast", "--provider-auth").at("/credential/rung"))
        .hasToString("\"header\"");
    explain(key, true, "--model", "fast", "--provider-auth", "--provider", "OpenAI");
    assertThat(
            explain(key, false, "--model", "fast", "--provider-auth", "--provider", "local")
                .path("status")
                .asInt())
        .isEqualTo(400);
    assertThat(explain(key, true, "--path", "/v1/rooms", "--provider-auth").at("/credential/rung"))
        .hasToString("\"header\"");
  }

  @Test
  void says_the_same_as_the_call_itself() throws Exception {
    JsonNode made = gate.create("--test");
    String key = made.path("key").asText();
    String id = made.path("id").asText();
    add("--on", "organization", "--deny", "--models", "fast", "--name", "not fast");
    for (String model : List.of("fast", "sim/echo")) {
      HttpResponse<String> answer = chat(key, model);
      JsonNode explained = explain(id, answer.statusCode() == 200, "--model", model);
      assertThat(explained.path("status").asInt()).isEqualTo(answer.statusCode());
      JsonNode error = new ObjectMapper().readTree(answer.body()).path("error");
      assertThat(explained.path("message").asText())
          .isEqualTo(error.path("message").asText("null"));
      assertThat(explained.path("help").asText()).isEqualTo(error.path("help").asText("null"));
    }
  }

  private static HttpResponse<String> chat(String key, String model)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(gate.url() + "/v1/chat/completions"))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model)))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void previews_a_rule() throws IOException {
    JsonNode answer =
        gate.run("policy", "preview", "--on", "organization", "--deny", "--models", "*", "--json")
            .json();
    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.path("refused_calls").asInt()).isZero();
    assertThat(
            gate.run("policy", "preview", "--on", "organization", "--deny", "--ip", "::/0").out())
        .contains("0 of 0 calls since ");
  }
}
