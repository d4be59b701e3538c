package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.DataFolder;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewrightTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String ANY_PORTS = "listen: { port: 0 }\nmetrics: { port: 0 }\n";

  @TempDir Path folder;

  private ConfigSources sources(String yaml) {
    return ConfigSources.ofText(ANY_PORTS + yaml)
        .withFlag("data", folder.resolve("data").toString());
  }

  private Gatewright start(String yaml) throws IOException {
    return Gatewright.start(sources(yaml), Time.system());
  }

  private static HttpResponse<String> get(Gatewright gate, String path, Secret... key)
      throws Exception {
    return get(gate.url(), path, key);
  }

  private static HttpResponse<String> get(String url, String path, Secret... key) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    for (Secret secret : key) {
      request.header("authorization", "Bearer " + secret.expose());
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(Gatewright gate, String path, Secret key, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .header("authorization", "Bearer " + key.expose())
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  @Test
  void document_and_routers_of_all_planes_agree() throws Exception {
    try (Gatewright gate = start("")) {
      Set<String> described = new TreeSet<>();
      for (Map.Entry<String, JsonNode> path :
          json(get(gate, "/openapi.json")).path("paths").properties()) {
        for (String method : List.of("get", "post", "put", "patch", "delete")) {
          if (path.getValue().has(method)) {
            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
          }
        }
      }
      Set<String> served = new TreeSet<>();
      for (String route : gate.routes()) {
        if (route.startsWith("* ")) {
          // For any method: described by its GET, the rest of the path as {path}; unless it hands a
          // whole prefix on, and what lies below it lists itself.
          String get = "GET " + route.substring(2).replaceFirst("\\*$", "{path}");
          if (route.contains(" /auth/") || described.contains(get)) {
            served.add(get);
          }
        } else if (!route.contains(" /docs/")
            && !route.contains(" /console")
            && !route.contains(" /go/")) {
          // Pages and their parts are no part of the contract.
          served.add(route.replace("*}", "}"));
        }
      }
      assertThat(described).isEqualTo(served);
    }
  }

  @Test
  void head_on_every_get_is_405() throws Exception {
    try (Gatewright gate = start("")) {
      int asked = 0;
      for (Map.Entry<String, JsonNode> path :
          json(get(gate, "/openapi.json")).path("paths").properties()) {
        // What the portal serves; the data plane's GETs answer HEAD too.
        boolean ours = path.getKey().startsWith("/api/") || path.getKey().startsWith("/v1/rooms");
        if (!ours || !path.getValue().path("get").has("x-gatewright-access")) {
          continue;
        }
        String target = path.getKey().replaceAll("\\{[^}]*}", "x");
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(gate.url() + target))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(target).isEqualTo(405);
        asked++;
      }
      assertThat(asked).isGreaterThan(50);
    }
  }

  @Test
  void references_within_the_document_lead_somewhere() throws Exception {
    try (Gatewright gate = start("")) {
      JsonNode document = json(get(gate, "/openapi.json"));
      List<JsonNode> references = document.findValues("$ref");
      assertThat(references).isNotEmpty();
      for (JsonNode reference : references) {
        assertThat(document.at(reference.asText().substring(1)).isMissingNode())
            .as(reference.asText())
            .isFalse();
      }
    }
  }

  @Test
  void is_healthy_only_once_the_greeting_was_printed_but_answers_calls_before() throws Exception {
    List<String> seen = new ArrayList<>();
    Gatewright gate =
        Gatewright.start(
            sources(""),
            Time.system(),
            greeting -> {
              try {
                JsonNode file = JSON.readTree(Files.readString(folder.resolve("data/server.json")));
                String url = file.path("url").asText();
                HttpResponse<String> health = get(url, "/health");
                seen.add(health.statusCode() + " " + json(health).path("status").asText());
                seen.add("" + get(url, "/health/live").statusCode());
                String key =
                    greeting.lines().filter(l -> l.contains("gw_test_")).findFirst().orElse("");
                seen.add("" + get(url, "/v1/models", Secret.of(key.strip())).statusCode());
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    try (gate) {
      assertThat(seen).containsExactly("503 starting", "200", "200");
      HttpResponse<String> health = get(gate, "/health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(json(health).path("status").asText()).isEqualTo("healthy");
      assertThat(json(health).has("reasons")).isFalse();
    }
  }

  @Test
  void newcomers_curl_is_answered_by_the_simulator() throws Exception {
    List<String> greetings = new ArrayList<>();
    try (Gatewright gate = Gatewright.start(sources(""), Time.system(), greetings::add)) {
      String key = Objects.requireNonNull(gate.firstTestKey()).expose();
      assertThat(greetings.getFirst())
          .contains("http://localhost:", folder.resolve("data").toString(), key)
          .contains("curl http://localhost:");
      HttpResponse<String> answer =
          post(
              gate,
              "/v1/chat/completions",
              Secret.of(key),
              "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).at("/choices/0/message/content").asText()).isEqualTo("Hello");
    }
    try (Gatewright again = Gatewright.start(sources(""), Time.system(), greetings::add)) {
      assertThat(again.firstTestKey()).isNull();
      assertThat(greetings.getLast()).doesNotContain("gw_test_", "curl");
    }
  }

  @Test
  void server_file_is_private_names_this_instance_and_goes_with_it() throws Exception {
    Path file = folder.resolve("data/server.json");
    try (Gatewright gate = start("")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      JsonNode written = JSON.readTree(Files.readString(file));
      assertThat(written.path("url").asText()).isEqualTo(gate.url());
      assertThat(written.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(written.path("instance").asText())
          .isEqualTo(json(get(gate, "/health")).path("instance").asText());
      assertThat(written.path("admin_key").asText()).startsWith("gw_admin_");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void second_start_on_the_same_folder_is_refused_and_harms_nothing() throws Exception {
    try (Gatewright gate = start("")) {
      assertThatThrownBy(() -> start(""))
          .isInstanceOf(DataFolder.InUse.class)
          .hasMessageContaining(folder.resolve("data").toString());
      assertThat(get(gate, "/health").statusCode()).isEqualTo(200);
      assertThat(folder.resolve("data/server.json")).exists();
    }
  }

  @Test
  void misspelt_setting_stops_the_start_and_leaves_nothing_open() throws Exception {
    assertThatThrownBy(() -> start("limits: { bdoy: 1MiB }"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("limits.bdoy")
        .hasMessageContaining("limits.body");
    assertThatThrownBy(() -> start("planes: all")).hasMessageContaining("planes: all");
    start("").close();
  }

  @Test
  void edited_models_are_served_without_a_restart_and_bad_edits_are_not() throws Exception {
    Path file = Files.writeString(folder.resolve("gatewright.yaml"), ANY_PORTS + model("one"));
    ConfigSources sources =
        ConfigSources.find(
            Map.of("config", file.toString(), "data", folder.resolve("data").toString()), Map.of());
    try (Gatewright gate = Gatewright.start(sources, Time.system())) {
      Secret key = liveKey(gate);
      assertThat(models(gate, key)).containsExactly("one");
      Files.writeString(file, ANY_PORTS + model("two"));
      assertThat(gate.reloadNow()).isTrue();
      assertThat(models(gate, key)).containsExactly("two");
      Files.writeString(file, ANY_PORTS + model("three").replace("targets", "target"));
      assertThat(gate.reloadNow()).isFalse();
      assertThat(models(gate, key)).containsExactly("two");
    }
  }

  private static String model(String id) {
    return "providers: [{ id: openai, api-key: x }]\nmodels: [{ id: %s, targets: [openai/m] }]\n"
        .formatted(id);
  }

  private static Secret liveKey(Gatewright gate) throws Exception {
    HttpResponse<String> made =
        post(gate, "/api/keys", gate.localAdminKey(), "{\"name\":\"t\",\"kind\":\"live\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    return Secret.of(json(made).path("key").asText());
  }

  private static List<String> models(Gatewright gate, Secret key) throws Exception {
    return json(get(gate, "/v1/models", key)).path("data").findValuesAsText("id");
  }

  @Test
  void planes_answer_alone() throws Exception {
    try (Gatewright data = start("planes: data")) {
      assertThat(get(data, "/health").statusCode()).isEqualTo(200);
      assertThat(get(data, "/api/keys", data.localAdminKey()).statusCode()).isEqualTo(404);
      assertThat(get(data, "/v1/models").statusCode()).isEqualTo(401);
    }
    try (Gatewright portal = start("planes: portal")) {
      assertThat(get(portal, "/health").statusCode()).isEqualTo(200);
      assertThat(get(portal, "/api/keys", portal.localAdminKey()).statusCode()).isEqualTo(200);
      assertThat(get(portal, "/v1/models").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void what_does_not_exist_yet_is_plain_404() throws Exception {
    try (Gatewright gate = start("")) {
      for (String path : List.of("/console/assets/none.js", "/tts/api/x", "/nothing")) {
        HttpResponse<String> answer = get(gate, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(404);
        assertThat(json(answer).path("error").path("message").asText()).as(path).isNotEmpty();
      }
      assertThat(json(get(gate, "/")).path("docs").asText()).isEqualTo("/docs");
    }
  }

  @Test
  void required_edge_secret_spares_health_and_the_local_command_line() throws Exception {
    try (Gatewright gate = start("edge: { required: true, secrets: [long-enough-secret] }")) {
      assertThat(get(gate, "/health").statusCode()).isEqualTo(200);
      assertThat(get(gate, "/api/keys", gate.localAdminKey()).statusCode()).isEqualTo(200);
      assertThat(get(gate, "/docs").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void metrics_count_requests_on_their_own_listener() throws Exception {
    try (Gatewright gate = start("")) {
      get(gate, "/health/live");
      String metrics = get("http://127.0.0.1:" + gate.metricsPort(), "/metrics").body();
      assertThat(metrics)
          .contains("gatewright_requests_seconds_count{route=\"/health/live\",status=\"2xx\"} 1")
          .contains("gatewright_healthy 1")
          .contains("jvm_memory_used_bytes");
      assertThat(get(gate, "/metrics").statusCode()).isEqualTo(404);
    }
  }
}
