package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.TestCertificate;
import dev.gatewright.testbed.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A gate with another master key than the store's, or none, and changing the key of one that has
/// it: what callers, load balancers and the command line on its machine see.
class SealedServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ONE = text("8f2c1be09d7a43569a1ffe20c4b7d9e1");
  private static final String TWO = text("0c9e7a6b5d4f3e2180716253a4b5c6d7");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;

  private record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  private static String text(String bytes) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(bytes.getBytes(StandardCharsets.US_ASCII));
  }

  private static Result run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new Serve());
    return new Result(exitCode, out.toString(), err.toString());
  }

  private ConfigSources sources(Map<String, String> environment) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("gatewright.yaml"), "listen: { port: 0 }\nmetrics: { port: 0 }\n");
    return ConfigSources.find(Map.of("config", file.toString()), environment);
  }

  private Map<String, String> environment(boolean postgres) {
    Map<String, String> environment = new HashMap<>();
    environment.put("GATEWRIGHT_DATA", folder.resolve("data").toString());
    if (postgres) {
      environment.put("DATABASE_URL", TestPostgres.emptyUrl());
    }
    return environment;
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return more;
  }

  private static HttpResponse<String> ask(String url, String method, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("authorization", "Bearer " + key)
            .method(
                method,
                method.equals("POST")
                    ? HttpRequest.BodyPublishers.ofString("{}")
                    : HttpRequest.BodyPublishers.noBody())
            .header("content-type", "application/json")
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private static SealedServer sealed(ConfigSources sources) throws IOException {
    try {
      Gatewright.start(sources, Time.system()).close();
      throw new AssertionError("it opened");
    } catch (SealedKeyring reason) {
      return SealedServer.start(sources, Time.system(), String.valueOf(reason.getMessage()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_sealed_gate_says_so_and_lets_the_local_command_line_revoke(boolean postgres)
      throws Exception {
    Map<String, String> bare = environment(postgres);
    Map<String, String> right = with(bare, "GATEWRIGHT_MASTER_KEY", ONE);
    JsonNode key;
    String kept;
    try (Gatewright _ = Gatewright.start(sources(right), Time.system())) {
      key = run(right, "keys", "create", "--name", "leaked", "--test", "--json").json();
      kept = run(right, "keys", "create", "--name", "kept", "--test", "--quiet").out().strip();
    }
    String id = key.path("id").asText();
    for (Map<String, String> wrong : List.of(bare, with(bare, "GATEWRIGHT_MASTER_KEY", TWO))) {
      try (SealedServer gate = sealed(sources(wrong))) {
        refusesEveryone(gate.url(), kept);
        JsonNode health = JSON.readTree(ask(gate.url() + "/health", "GET", "x").body());
        assertThat(health.path("status").asText()).isEqualTo("sealed");
        assertThat(health.path("reasons").toString()).contains("master key");

        Result status = run(wrong, "secrets", "status", "--json");
        assertThat(status.exitCode()).isEqualTo(5);
        assertThat(status.json().path("state").asText()).isEqualTo("sealed");
        assertThat(status.json().at("/master_keys/0/at_hand").asBoolean()).isFalse();
        assertThat(run(wrong, "secrets", "rotate").exitCode()).isEqualTo(5);
        assertThat(run(wrong, "keys", "list").exitCode()).isEqualTo(5);
        assertThat(run(wrong, "keys", "revoke", id).out()).contains("revoked");
        assertThat(run(wrong, "keys", "revoke", "key_0000000000").exitCode()).isEqualTo(3);
      }
    }
    try (var files = Files.list(folder.resolve("data"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("master.key"));
    }
    try (Gatewright gate = Gatewright.start(sources(right), Time.system())) {
      assertThat(ask(gate.url() + "/status", "GET", kept).statusCode()).isEqualTo(200);
      assertThat(ask(gate.url() + "/status", "GET", key.path("key").asText()).statusCode())
          .isEqualTo(401);
      Await.until(() -> run(right, "audit", "list").out().contains("while_sealed"));
      JsonNode entries = run(right, "audit", "list", "--action", "key.revoke", "--json").json();
      assertThat(entries.path("data")).hasSize(1);
      assertThat(entries.at("/data/0/object").asText()).isEqualTo(id);
      assertThat(entries.at("/data/0/actor").asText()).isEqualTo("local");
      assertThat(run(right, "audit", "verify").exitCode()).isZero();
    }
  }

  @Test
  void the_command_line_follows_a_sealed_gate_through_a_renewed_certificate() throws Exception {
    TestCertificate.SHARED.write(folder);
    Map<String, String> bare = environment(false);
    bare.put("GATEWRIGHT_LISTEN_TLS_CERTIFICATE", folder.resolve("server.crt").toString());
    bare.put("GATEWRIGHT_LISTEN_TLS_KEY", folder.resolve("server.key").toString());
    Gatewright.start(sources(with(bare, "GATEWRIGHT_MASTER_KEY", ONE)), Time.system()).close();
    try (SealedServer gate = sealed(sources(bare))) {
      assertThat(gate.url()).startsWith("https:");
      assertThat(run(bare, "secrets", "status", "--json").json().path("state").asText())
          .isEqualTo("sealed");
      Path file = folder.resolve("data/server.json");
      String before = Files.readString(file);
      TestCertificate.make("EC").write(folder);
      Await.until(
          "the file says another certificate",
          Duration.ofSeconds(20),
          () -> !Files.readString(file).equals(before));
      assertThat(run(bare, "secrets", "status", "--json").json().path("state").asText())
          .isEqualTo("sealed");
    }
    assertThat(folder.resolve("data/server.json")).doesNotExist();
  }

  private static void refusesEveryone(String url, String key) throws Exception {
    assertThat(ask(url + "/health/live", "GET", key).statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "GET /health",
            "GET /status",
            "GET /v1/models",
            "POST /v1/chat/completions",
            "POST /v1/messages",
            "GET /api/keys",
            "GET /api/secrets",
            "POST /api/keys/key_0000000000/revoke",
            "POST /v1/rooms",
            "POST /chat/api/chat",
            "GET /nothing")) {
      String[] words = path.split(" ");
      HttpResponse<String> answer = ask(url + words[1], words[0], key);
      assertThat(answer.statusCode()).as(path).isEqualTo(503);
      JsonNode body = JSON.readTree(answer.body());
      if (words[1].equals("/v1/messages")) {
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo("overloaded_error");
      } else if (!words[1].equals("/health")) {
        assertThat(body.at("/error/code").asText()).as(path).isEqualTo("sealed");
        assertThat(answer.headers().firstValue("retry-after")).as(path).isPresent();
      }
      assertThat(body.has("detail")).as(path).isEqualTo(words[1].equals("/v1/rooms"));
    }
  }

  @Test
  void a_new_store_without_a_master_key_is_no_sealed_one() {
    assertThatThrownBy(() -> Gatewright.start(sources(environment(true)), Time.system()))
        .hasMessageContaining("GATEWRIGHT_MASTER_KEY is not set");
  }

  @Test
  void in_the_data_folder_rotating_goes_on_serving_and_survives_a_restart() throws Exception {
    Map<String, String> environment = environment(false);
    String key;
    try (Gatewright gate = Gatewright.start(sources(environment), Time.system())) {
      key = run(environment, "keys", "create", "--name", "app", "--test", "--quiet").out().strip();
      String before = Files.readString(folder.resolve("data/master.key"));
      Result rotated = run(environment, "secrets", "rotate", "--json");
      assertThat(rotated.exitCode()).as(rotated.err()).isZero();
      assertThat(rotated.json().path("remaining").asLong()).isZero();
      assertThat(Files.readString(folder.resolve("data/master.key.old"))).isEqualTo(before);
      assertThat(Files.readString(folder.resolve("data/master.key"))).isNotEqualTo(before);
      assertThat(ask(gate.url() + "/status", "GET", key).statusCode()).isEqualTo(200);
      assertThat(run(environment, "secrets", "status").out()).contains("active", "retired");
      assertThat(run(environment, "audit", "list").out())
          .contains("secrets.rotate", "secrets.retire");
    }
    Files.delete(folder.resolve("data/master.key.old"));
    try (Gatewright gate = Gatewright.start(sources(environment), Time.system())) {
      assertThat(ask(gate.url() + "/status", "GET", key).statusCode()).isEqualTo(200);
      assertThat(run(environment, "audit", "verify").exitCode()).isZero();
    }
  }

  @Test
  void replicas_given_both_keys_go_on_while_one_of_them_rotates() throws Exception {
    Map<String, String> bare = environment(true);
    Map<String, String> old = with(bare, "GATEWRIGHT_MASTER_KEY", ONE);
    Map<String, String> both =
        with(with(bare, "GATEWRIGHT_MASTER_KEY", TWO), "GATEWRIGHT_MASTER_KEY_OLD", ONE);
    Map<String, String> elsewhere =
        with(both, "GATEWRIGHT_DATA", folder.resolve("other").toString());
    try (Gatewright _ = Gatewright.start(sources(old), Time.system())) {
      Result refused = run(old, "secrets", "rotate");
      assertThat(refused.exitCode()).isEqualTo(5);
      assertThat(refused.err()).contains("GATEWRIGHT_MASTER_KEY_OLD");
    }
    String key;
    try (Gatewright one = Gatewright.start(sources(both), Time.system());
        Gatewright two = Gatewright.start(sources(elsewhere), Time.system())) {
      key = run(both, "keys", "create", "--name", "app", "--test", "--quiet").out().strip();
      assertThat(run(both, "secrets", "rotate").exitCode()).isZero();
      for (Gatewright each : List.of(one, two)) {
        Await.until(
            "the key",
            java.time.Duration.ofSeconds(20),
            () -> ask(each.url() + "/status", "GET", key).statusCode() == 200);
      }
    }
    try (Gatewright gate =
        Gatewright.start(sources(with(bare, "GATEWRIGHT_MASTER_KEY", TWO)), Time.system())) {
      assertThat(ask(gate.url() + "/status", "GET", key).statusCode()).isEqualTo(200);
    }
    sealed(sources(old)).close();
  }

  @Test
  void an_admin_key_is_not_the_local_command_line() throws Exception {
    Map<String, String> environment = environment(false);
    try (Gatewright gate = Gatewright.start(sources(environment), Time.system())) {
      String admin =
          run(environment, "keys", "create", "--name", "a", "--admin", "--quiet").out().strip();
      assertThat(ask(gate.url() + "/api/secrets", "GET", admin).statusCode()).isEqualTo(403);
      assertThat(ask(gate.url() + "/api/secrets/rotate", "POST", admin).statusCode())
          .isEqualTo(403);
    }
  }
}
