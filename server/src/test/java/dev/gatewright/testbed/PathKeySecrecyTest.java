package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A key in the path opens what it may, and is seen by nobody but admission.
class PathKeySecrecyTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings("keys: { in-path: true }"));

  private static final String CALL = "{\"model\":\"fast\",\"messages\":[]}";

  private static AdminClient.Key restricted() throws Exception {
    return world.admin().createKey("{\"name\":\"path\",\"models\":[\"fast\"],\"kind\":\"live\"}");
  }

  private static RawClient.Answer post(String path, String... headers) throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.post(path, "", CALL, headers).answer();
    }
  }

  @Test
  void carries_a_restricted_key_and_is_seen_by_nobody() throws Exception {
    AdminClient.Key key = restricted();
    RawClient.Answer good =
        post("/k/" + key.key() + "/v1/chat/completions", "referer: http://x/k/" + key.key() + "/");
    assertThat(good.status()).as(good.text()).isEqualTo(200);
    SeenRequest seen = world.provider().take();
    assertThat(seen.path()).isEqualTo("/v1/chat/completions");
    assertThat(seen.headers().toString() + seen.target()).doesNotContain(key.key());
    for (String path : new String[] {"/v1/nothing", "/nothing", "/api/keys", "/v1/rooms", ""}) {
      RawClient.Answer refused = post("/k/" + key.key() + path);
      assertThat(refused.status()).as(path).isGreaterThanOrEqualTo(400);
      assertThat(refused.text() + refused.head()).doesNotContain(key.key());
    }
    world.gate().admin().call("GET", "/api/usage?by=key", "", 200);
    metricsAndFilesDoNotHold(key.key());
  }

  private static void metricsAndFilesDoNotHold(String canary) throws Exception {
    Await.until("the access log", Duration.ofSeconds(20), () -> holds("/v1/chat/completions"));
    assertThat(holds(canary)).isFalse();
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
  void another_carrier_must_agree() throws Exception {
    String key = restricted().key();
    String path = "/k/" + key + "/v1/chat/completions";
    assertThat(post(path, "x-api-key: " + key).status()).isEqualTo(200);
    assertThat(post(path, "x-api-key: " + world.key()).status()).isEqualTo(401);
    assertThat(post(path, "authorization: Bearer nonsense").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"open\"}",
        "{\"name\":\"a\",\"kind\":\"admin\"}",
        "{\"name\":\"a\",\"kind\":\"admin\",\"models\":[\"fast\"]}",
        "{\"name\":\"d\",\"rules\":[{\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"x\"]}]}",
      })
  void a_key_without_an_allow_rule_is_refused_like_any_bad_key(String body) throws Exception {
    String key = world.admin().createKey(body).key();
    RawClient.Answer refused = post("/k/" + key + "/v1/chat/completions");
    RawClient.Answer unknown = post("/k/nonsense/v1/chat/completions");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.text().replaceAll("req_\\w+", ""))
        .isEqualTo(unknown.text().replaceAll("req_\\w+", ""));
  }

  @Test
  void the_status_page_knows_it() throws Exception {
    AdminClient.Key key = restricted();
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer = caller.get("/k/" + key.key() + "/status", "").answer();
      assertThat(answer.text()).contains(key.id());
    }
  }
}
