package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.log.AccessLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `/k/<key>/…` at the edge: the key leaves the path, all rules hold for the rest.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathKeyTest {
  private Edge on;
  private Edge off;

  @BeforeAll
  void start() {
    on = start(true);
    off = start(false);
  }

  @AfterAll
  void stop() {
    on.close();
    off.close();
  }

  private static Edge start(boolean keysInPath) {
    RouteTable routes =
        RouteTable.builder()
            .get("/v1/models/{id*}", PathKeyTest::show)
            .any("/*", PathKeyTest::show)
            .build();
    return Edge.start(
        routes,
        Transport.best(),
        config ->
            new EdgeConfig(
                config.host(),
                config.port(),
                config.protocols(),
                config.proxyProtocol(),
                config.trustedProxies(),
                config.clientAddress(),
                config.edgeSecrets(),
                config.edgeRequired(),
                keysInPath,
                config.limits(),
                config.cors(),
                config.sites()),
        AccessLog.none());
  }

  private static void show(Exchange exchange) {
    RequestHead head = exchange.request();
    TestHandlers.text(
        exchange,
        200,
        "%s key=%s referer=%s"
            .formatted(
                head.pathAndQuery(),
                head.headers().get(PathKey.HEADER),
                head.headers().get("referer")));
  }

  private static Answer ask(Edge edge, String target, String... headers) {
    try (RawClient client = edge.connect()) {
      client.send(
          Wire.head("GET " + target + " HTTP/1.1", "Host: gate", String.join("\r\n", headers)));
      return client.answer();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/k/secret/ollama/api/chat, /ollama/api/chat",
    "/k/secret/, /",
    "/k/secret/a?b=c/k/d, /a?b=c/k/d",
    "/k/secret/v1/models/a%2Fb, /v1/models/a%2Fb",
    "/k/a.b_c-d~e/x, /x",
  })
  void the_key_leaves_the_path(String target, String rest) {
    String key = target.split("/", -1)[2];
    assertThat(ask(on, target, "Accept: *").body())
        .isEqualTo("%s key=%s referer=null".formatted(rest, key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/k/secret",
        "/k/secret?x=1",
        "/k/sec%72et/x",
        "/k/sec@ret/x",
        "/k/a/k/secret/x",
        "/k/a/k",
      })
  void what_is_not_quite_the_form_is_nothing(String target) {
    assertThat(ask(on, target, "Accept: *").body())
        .startsWith("/k")
        .doesNotContain("secret")
        .contains("key=null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/k/secret/api/chat", "/k/secret", "/k/a/k/secret/x"})
  void switched_off_nothing_stands_there_and_nothing_shows_the_key(String target) {
    assertThat(ask(off, target, "Accept: *").body()).isEqualTo("/k key=null referer=null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/k/secret//x",
        "/k/secret/../x",
        "/k/secret/a/%2e%2e/x",
        "/k/secret/a;b",
        "/k/secret/a\\b",
        "/k/secret/a%2Fb",
        "/k/secret/a#b",
        "/k/../x",
        "/k/./x",
        "/k//x",
        "/k/secret/a%zz",
        "/k/se;cret/x",
        "/k/secret/v1/models/%00",
      })
  void the_path_rules_hold_for_the_rest(String target) {
    assertThat(ask(on, target, "Accept: *").status()).isEqualTo(400);
    assertThat(ask(off, target, "Accept: *").status()).isEqualTo(400);
  }

  @Test
  void nobody_outside_sets_the_header_and_a_referer_does_not_tell() {
    assertThat(
            ask(
                    on,
                    "/k/secret/x",
                    "X-Gatewright-Path-Key: forged",
                    "Referer: https://gate/k/secret/page")
                .body())
        .isEqualTo("/x key=secret referer=null");
    assertThat(ask(on, "/x", "X-Gatewright-Path-Key: forged", "Referer: https://a/").body())
        .isEqualTo("/x key=null referer=https://a/");
  }
}
