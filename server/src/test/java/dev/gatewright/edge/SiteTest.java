package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.site.SitesConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several names on one edge.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteTest {
  private static final String SITES =
      """
      sites:
        - host: main.example
        - host: api.example
          api-only: true
          origins: [https://app.example]
        - host: web.example
          origins: [https://app.example]
        - host: closed.example
          ip: { deny: [127.0.0.1] }
        - host: far.example
          ip: { allow: [203.0.113.0/24] }
        - host: near.example
          ip: { allow: [127.0.0.0/8] }
      """;

  private static final String APP = "Origin: https://app.example";

  private Edge edge;

  private static SitesConfig sites(String yaml) {
    return SitesConfig.from(ConfigSources.ofText(yaml).load());
  }

  @BeforeAll
  void start() {
    RouteTable routes =
        RouteTable.builder()
            .get("/health", TestHandlers::echo)
            .any("/*", TestHandlers::echo)
            .build();
    CorsConfig cors = new CorsConfig(List.of("https://general.example"));
    edge =
        Edge.start(
            routes,
            Transport.best(),
            config -> config.withCors(cors).withSites(sites(SITES)),
            AccessLog.none());
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  private Answer ask(String line, String host, String... headers) {
    try (RawClient client = edge.connect()) {
      return client
          .send(Wire.head(line + " HTTP/1.1", "Host: " + host, String.join("\r\n", headers)))
          .answer();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/models", "/api/keys", "/chat/api/tags", "/auth/verify", "/status", "/", "/x"})
  void unknown_host_421_every_plane(String path) {
    for (String host : List.of("evil.example", "main.example.evil", "192.0.2.1", "api.example.")) {
      Answer answer = ask("GET " + path, host);
      assertThat(answer.status()).as(host).isEqualTo(421);
      assertThat(answer.body()).contains("unknown_host");
    }
    assertThat(ask("GET " + path, "Main.Example:8443").status()).isEqualTo(200);
    assertThat(ask("GET " + path, "localhost:8080").status()).isEqualTo(200);
    assertThat(ask("GET /health", "evil.example").status()).isEqualTo(200);
  }

  @Test
  void forwarded_host_of_a_stranger_counts_for_nothing() {
    assertThat(ask("GET /v1/models", "evil.example", "X-Forwarded-Host: main.example").status())
        .isEqualTo(421);
  }

  @Test
  void refused_addresses_are_403() {
    Answer denied = ask("GET /v1/models", "closed.example");
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.body()).contains("127.0.0.1", "help");
    assertThat(ask("GET /v1/models", "far.example").status()).isEqualTo(403);
    assertThat(ask("GET /v1/models", "near.example").status()).isEqualTo(200);
  }

  @Test
  void api_only_has_no_console_and_no_sign_in() {
    for (String path : List.of("/console", "/console/keys", "/api/auth", "/api/auth/code")) {
      assertThat(ask("GET " + path, "api.example").status()).as(path).isEqualTo(404);
      assertThat(ask("GET " + path, "main.example").status()).as(path).isEqualTo(200);
    }
    assertThat(ask("GET /api/keys", "api.example").status()).isEqualTo(200);
    assertThat(ask("GET /api/authors", "api.example").status()).isEqualTo(200);
  }

  @Test
  void cors_listed_origin_exact_else_silent() {
    assertThat(allowed("api.example", "https://app.example")).isEqualTo("https://app.example");
    assertThat(allowed("main.example", "https://general.example"))
        .isEqualTo("https://general.example");
    for (String origin :
        List.of(
            "https://general.example",
            "https://app.example.evil",
            "https://App.example",
            "http://app.example",
            "https://app.example:8443",
            "null")) {
      assertThat(allowed("api.example", origin)).as(origin).isNull();
    }
    assertThat(allowed("main.example", "https://app.example")).isNull();
    Answer foreign =
        ask(
            "OPTIONS /v1/models",
            "main.example",
            "Origin: https://app.example",
            "Access-Control-Request-Method: GET");
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.header("access-control-allow-origin")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/chat/api/tags", "/api/keys", "/api/rooms/x"})
  void vary_origin_always(String path) {
    assertThat(ask("GET " + path, "api.example").header("vary")).isEqualTo("Origin");
    assertThat(ask("GET " + path, "api.example", "Origin: https://x.example").header("vary"))
        .isEqualTo("Origin");
    assertThat(ask("GET " + path, "api.example", APP).header("vary")).isEqualTo("Origin");
    assertThat(ask("GET " + path, "api.example", APP, "Cookie: gw_1=x").header("vary"))
        .isEqualTo("Origin");
  }

  @Test
  void rest_is_open_to_pages_of_a_sites_own_origins_and_to_keys_alone() {
    String asks = "Access-Control-Request-Method: DELETE";
    Answer preflight =
        ask(
            "OPTIONS /api/keys/key_1",
            "api.example",
            APP,
            asks,
            "Access-Control-Request-Headers: authorization,if-match");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo("https://app.example");
    assertThat(preflight.header("access-control-allow-methods")).contains("DELETE");
    assertThat(preflight.header("access-control-allow-headers"))
        .isEqualTo("authorization,if-match");
    assertThat(preflight.header("access-control-max-age")).isEqualTo("7200");
    assertThat(preflight.header("access-control-allow-credentials")).isNull();
    Answer read = ask("GET /api/keys", "api.example", APP);
    assertThat(read.header("access-control-allow-origin")).isEqualTo("https://app.example");
    assertThat(read.header("access-control-expose-headers"))
        .contains("etag", "ratelimit", "retry-after-ms", "anthropic-ratelimit-tokens-reset")
        .contains("x-gatewright-resets-at", "x-gatewright-fits-output-tokens");
    assertThat(read.header("access-control-allow-credentials")).isNull();

    // A session's cookie is for our own pages: nothing that came with one is another's to read.
    assertThat(
            ask("GET /api/keys", "api.example", APP, "Cookie: gw_8080=x")
                .header("access-control-allow-origin"))
        .isNull();
    for (String other : List.of("null", "https://app.example.evil", "https://general.example")) {
      assertThat(
              ask("GET /api/keys", "api.example", "Origin: " + other)
                  .header("access-control-allow-origin"))
          .as(other)
          .isNull();
    }
    // `cors.origins` opens models and services, never this.
    Answer general =
        ask("OPTIONS /api/keys", "main.example", "Origin: https://general.example", asks);
    assertThat(general.header("access-control-allow-origin")).isNull();
    assertThat(ask("GET /api/keys", "main.example").header("vary")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/auth",
        "/api/auth/session",
        "/api/auth/token",
        "/console/",
        "/auth/verify",
        "/status",
        "/openapi.json"
      })
  void signing_in_is_for_no_page_of_others(String path) {
    Answer preflight =
        ask("OPTIONS " + path, "web.example", APP, "Access-Control-Request-Method: POST");
    assertThat(preflight.header("access-control-allow-origin")).isNull();
    assertThat(preflight.header("access-control-allow-methods")).isNull();
    assertThat(ask("POST " + path, "web.example", APP).header("access-control-allow-origin"))
        .isNull();
    assertThat(ask("GET /api/authors", "web.example", APP).header("access-control-allow-origin"))
        .isNotNull();
  }

  @Test
  void edited_sites_count_from_then_on() {
    CorsConfig cors = new CorsConfig(List.of("https://general.example"));
    assertThat(ask("GET /v1/models", "late.example").status()).isEqualTo(421);
    try {
      edge.server().configure(cors, sites("sites: [{host: late.example}]"));
      assertThat(ask("GET /v1/models", "late.example").status()).isEqualTo(200);
      assertThat(ask("GET /v1/models", "main.example").status()).isEqualTo(421);
    } finally {
      edge.server().configure(cors, sites(SITES));
    }
  }

  private @Nullable String allowed(String host, String origin) {
    return ask("GET /v1/models", host, "Origin: " + origin).header("access-control-allow-origin");
  }

  @Test
  void settings_that_do_not_fit_are_named() {
    assertThatThrownBy(() -> sites("sites: [{host: 'a.example:1'}]"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("host: a.example:1");
    assertThatThrownBy(() -> sites("sites: [{host: a.example}, {host: A.example}]"))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> sites("sites: [{host: a.example, origins: ['*']}]"))
        .hasMessageContaining("origins: *");
    assertThatThrownBy(() -> sites("sites: [{host: a.example, public-url: 'a.example'}]"))
        .hasMessageContaining("public-url: a.example");
    assertThatThrownBy(() -> sites("sites: [{host: a.example, public-url: 'https://b.example'}]"))
        .hasMessageContaining("public-url: https://b.example");
    assertThatThrownBy(() -> sites("public-url: https://b.example\nsites: [{host: a.example}]"))
        .hasMessageContaining("b.example is none of sites");
    assertThatThrownBy(() -> sites("sites: [{host: a.example, limits-class: 'A b'}]"))
        .hasMessageContaining("limits-class: A b");
    assertThatThrownBy(() -> sites("sites: [{host: a.example, ip: {deny: ['10.0.0.1/8']}}]"))
        .hasMessageContaining("ip.deny");
  }
}
