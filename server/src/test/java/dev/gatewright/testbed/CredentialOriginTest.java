package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A credential goes where it was stored for and nowhere else, whatever the file says by now and
/// however an address is spelled.
class CredentialOriginTest {
  private static final String CALL = "{\"model\":\"p/x\",\"messages\":[]}";

  @TempDir private Path folder;

  private static String yaml(String baseUrl) {
    return """
    listen: { host: 127.0.0.1, port: 0 }
    metrics: { host: 127.0.0.1, port: 0 }
    providers:
      - { id: p, dialect: openai, base-url: "%s", api-key: platforms, allow-private: true }
    """
        .formatted(baseUrl);
  }

  @Test
  void an_edited_base_url_disables_what_was_stored_for_the_old_one() throws Exception {
    try (FakeProvider first = FakeProvider.start();
        FakeProvider second = FakeProvider.start()) {
      Path file = folder.resolve("gatewright.yaml");
      Files.writeString(file, yaml(first.baseUrl()));
      try (Gatewright gate =
          Gatewright.start(
              ConfigSources.find(
                  Map.of("config", file.toString(), "data", folder.resolve("data").toString()),
                  Map.of()),
              Time.system())) {
        AdminClient admin = AdminClient.of(folder.resolve("data"));
        String key = admin.createKey("{\"name\":\"k\"}").key();
        JsonNode made =
            admin.call(
                "POST",
                "/api/credentials",
                "{\"provider\":\"p\",\"secret\":\"sk-for-the-first-0001\"}",
                201);
        String path = "/api/credentials/" + made.get("id").asText();
        assertThat(post(gate, key).status()).isEqualTo(200);
        assertThat(first.take().header("authorization")).isEqualTo("Bearer sk-for-the-first-0001");

        Files.writeString(file, yaml(second.baseUrl()));
        assertThat(gate.reloadNow()).isTrue();
        RawClient.Answer refused = post(gate, key);
        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.text()).contains("upstream_auth", "store it again");
        JsonNode check = admin.call("POST", path + "/check", "{}", 200);
        assertThat(check.get("ok").asBoolean()).isFalse();
        assertThat(admin.call("GET", path, "", 200).get("state").asText()).isEqualTo("moved");
        assertThat(second.seen()).isEmpty();

        // The caller's own is for the address as it is.
        assertThat(post(gate, key, "x-provider-auth: own").status()).isEqualTo(200);
        admin.call("PUT", path + "/secret", "{\"secret\":\"sk-for-the-second-01\"}", 200);
        second.reset();
        assertThat(post(gate, key).status()).isEqualTo(200);
        assertThat(second.take().header("authorization")).isEqualTo("Bearer sk-for-the-second-01");
      }
    }
  }

  private static RawClient.Answer post(Gatewright gate, String key, String... headers)
      throws Exception {
    try (RawClient caller = new RawClient(URI.create(gate.url()).getPort())) {
      return caller.post("/v1/chat/completions", key, CALL, headers).answer();
    }
  }

  /// Ways to write loopback, private and metadata addresses.
  private static final List<String> SPELLINGS =
      List.of(
          "127.0.0.1",
          "localhost",
          "127.1",
          "2130706433",
          "0x7f000001",
          "0x7f.0.0.1",
          "0177.0.0.1",
          "0",
          "0.0.0.0",
          "[::1]",
          "[::]",
          "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]",
          "[::127.0.0.1]",
          "[64:ff9b::7f00:1]",
          "[2002:7f00:1::]",
          "169.254.169.254",
          "[fe80::1]",
          "[fd00:ec2::254]",
          "100.100.100.200",
          "10.0.0.1",
          "192.168.0.1",
          "[fc00::1]");

  @Test
  void no_spelling_reaches_what_is_not_allowed_by_a_credential_that_names_an_address()
      throws Exception {
    try (FakeProvider canary = FakeProvider.start();
        Gate gate = LocalGate.start(GateSetup.in(folder))) {
      AdminClient admin = gate.admin();
      String key = admin.liveKey("k").key();
      for (String host : SPELLINGS) {
        String secret =
            "{\\\"url\\\":\\\"http://%s:%d\\\",\\\"api_key\\\":\\\"k\\\",\\\"api_secret\\\":\\\"s\\\"}"
                .formatted(host, canary.port());
        var made =
            admin.send(
                "POST",
                "/api/credentials",
                "{\"kind\":\"room\",\"provider\":\"livekit\",\"secret\":\"%s\"}".formatted(secret));
        if (made.statusCode() == 422) {
          continue;
        }
        assertThat(made.statusCode()).as(host + made.body()).isEqualTo(201);
        String id =
            new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(made.body())
                .get("id")
                .asText();
        JsonNode check = admin.call("POST", "/api/credentials/" + id + "/check", "{}", 200);
        assertThat(check.get("ok").asBoolean()).as(host).isFalse();
        try (RawClient caller = gate.caller()) {
          RawClient.Answer answer =
              caller.post("/v1/rooms", key, "{\"name\":\"a\"}", "x-provider: livekit").answer();
          assertThat(answer.status()).as(host + answer.text()).isIn(403, 502);
        }
        assertThat(
                admin
                    .send(
                        "PUT",
                        "/api/credentials/" + id + "/secret",
                        "{\"secret\":\"%s\"}".formatted(secret))
                    .statusCode())
            .as(host)
            .isEqualTo(422);
        admin.send("DELETE", "/api/credentials/" + id, "");
      }
      Thread.sleep(Duration.ofMillis(200));
      assertThat(canary.connections()).isEmpty();
    }
  }

  @Test
  void a_provider_in_the_file_without_allow_private_is_not_dialled_by_a_check_either()
      throws Exception {
    try (FakeProvider canary = FakeProvider.start()) {
      GateSetup setup =
          GateSetup.in(folder)
              .settings(
                  "providers: [{ id: walled, dialect: openai, base-url: \"%s\" }]"
                      .formatted(canary.baseUrl()));
      try (Gate gate = LocalGate.start(setup)) {
        JsonNode made =
            gate.admin()
                .call(
                    "POST", "/api/credentials", "{\"provider\":\"walled\",\"secret\":\"s\"}", 201);
        JsonNode check =
            gate.admin()
                .call("POST", "/api/credentials/" + made.get("id").asText() + "/check", "{}", 200);
        assertThat(check.get("ok").asBoolean()).isFalse();
        assertThat(check.get("reason").asText()).contains("address");
        assertThat(canary.connections()).isEmpty();
      }
    }
  }

  @Test
  void a_provider_defined_by_api_is_judged_when_given_and_when_dialled() throws Exception {
    try (FakeProvider canary = FakeProvider.start();
        Gate gate = LocalGate.start(GateSetup.in(folder))) {
      AdminClient admin = gate.admin();
      String key = admin.liveKey("k").key();
      for (String host : SPELLINGS) {
        String body =
            "{\"id\":\"p\",\"base_url\":\"https://%s:%d/v1\"}".formatted(host, canary.port());
        var made = admin.send("POST", "/api/providers", body);
        // A name is all that cannot be judged by its spelling.
        assertThat(made.statusCode()).as(host).isEqualTo(host.equals("localhost") ? 201 : 422);
        String plain = body.replace("https", "http");
        assertThat(admin.send("PATCH", "/api/providers/p", plain).statusCode())
            .as(host)
            .isIn(404, 422);
        if (made.statusCode() == 201) {
          try (RawClient caller = gate.caller()) {
            RawClient.Answer answer = caller.post("/v1/chat/completions", key, CALL).answer();
            assertThat(answer.status()).as(host + answer.text()).isEqualTo(502);
          }
          admin.send("DELETE", "/api/providers/p", "");
        }
      }
      assertThat(canary.connections()).isEmpty();
    }
  }
}
