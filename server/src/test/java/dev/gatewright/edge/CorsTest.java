package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.site.SitesConfig;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsTest {
  private static final String APP = "Origin: https://app.example";
  private static final String SDK_HEADERS =
      "authorization,content-type,x-api-key,openai-beta,anthropic-version,anthropic-beta,"
          + "anthropic-dangerous-direct-browser-access,x-gatewright-route,x-stainless-arch,"
          + "x-stainless-lang,x-stainless-retry-count,x-stainless-timeout";

  private Edge edge;

  @BeforeAll
  void start() {
    RouteTable routes =
        RouteTable.builder()
            .post("/v1/chat/completions", TestHandlers::echo)
            .any("/api/*", TestHandlers::echo)
            .any("/{service}/api/*", CorsTest::backend)
            .build();
    CorsConfig cors = new CorsConfig(List.of("https://app.example"));
    edge = Edge.start(routes, Transport.best(), config -> config.withCors(cors), AccessLog.none());
  }

  private static void backend(Exchange exchange) {
    EdgeReply.refuse(exchange, Refusal.denied("no"));
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  private Answer ask(String line, String... headers) {
    try (RawClient client = edge.connect()) {
      return client
          .send(Wire.head(line + " HTTP/1.1", "Host: gate", String.join("\r\n", headers)))
          .answer();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/anything", "/tts/api/speak"})
  void a_preflight_of_a_named_origin_is_answered(String path) {
    Answer answer =
        ask(
            "OPTIONS " + path,
            APP,
            "Access-Control-Request-Method: DELETE",
            "Access-Control-Request-Headers: " + SDK_HEADERS);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
    assertThat(answer.header("access-control-allow-methods"))
        .isEqualTo(
            path.equals("/v1/chat/completions") ? "POST" : "GET, HEAD, POST, PUT, PATCH, DELETE");
    assertThat(answer.header("access-control-allow-headers")).isEqualTo(SDK_HEADERS);
    assertThat(answer.header("access-control-max-age")).isEqualTo("7200");
    assertThat(answer.header("access-control-allow-credentials")).isNull();
    assertThat(answer.header("vary")).isEqualTo("Origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://other.example", "null", "http://app.example", "https://app.example.evil"})
  void another_origin_is_refused_and_told_nothing(String origin) {
    Answer answer =
        ask(
            "OPTIONS /v1/chat/completions",
            "Origin: " + origin,
            "Access-Control-Request-Method: POST");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("access-control-allow-origin")).isNull();
    assertThat(answer.body()).contains("cors.origins");
  }

  @Test
  void the_page_may_read_answers_and_refusals() {
    Answer refused = ask("GET /tts/api/speak", APP);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("access-control-allow-origin")).isEqualTo("https://app.example");
    assertThat(refused.header("access-control-expose-headers")).contains("x-request-id");
    assertThat(ask("GET /v1/chat/completions", APP).header("access-control-allow-origin"))
        .as("405")
        .isEqualTo("https://app.example");
    Answer plain = ask("GET /tts/api/speak");
    assertThat(plain.header("access-control-allow-origin")).isNull();
    assertThat(plain.header("vary")).isEqualTo("Origin");
  }

  @Test
  void the_control_plane_is_not_for_pages_of_others() {
    Answer answer = ask("GET /api/keys", APP);
    assertThat(answer.header("access-control-allow-origin")).isNull();
    Answer preflight = ask("OPTIONS /api/keys", APP, "Access-Control-Request-Method: POST");
    assertThat(preflight.header("access-control-allow-origin")).isNull();
  }

  private @Nullable String allowed(String... asked) {
    String[] headers = new String[2 + asked.length];
    headers[0] = APP;
    headers[1] = "Access-Control-Request-Method: POST";
    for (int i = 0; i < asked.length; i++) {
      headers[2 + i] = "Access-Control-Request-Headers: " + asked[i];
    }
    Answer answer = ask("OPTIONS /v1/chat/completions", headers);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("access-control-allow-credentials")).isNull();
    return answer.header("access-control-allow-headers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b, c",
        "a,,b",
        "a,",
        ",a",
        "a:b",
        "a;b",
        "a\"b",
        "x-\u00e4",
        "a/b",
        "(a)",
        "a\tb"
      })
  void a_name_that_could_break_the_line_is_not_echoed(String asked) {
    assertThat(allowed(asked)).isNull();
  }

  @Test
  void what_is_asked_has_a_bound() {
    String most = IntStream.range(0, 64).mapToObj(i -> "x-" + i).collect(Collectors.joining(","));
    assertThat(allowed(most)).isEqualTo(most);
    assertThat(allowed(most + ",x-64")).as("65 names").isNull();
    assertThat(allowed("x".repeat(4_096))).hasSize(4_096);
    assertThat(allowed("x".repeat(4_097))).isNull();
    assertThat(allowed("a", "b")).as("two lines").isNull();
    assertThat(allowed()).isNull();
  }

  /// A header that a page may not send stops the call in the browser, which names it.
  @Test
  void what_proxies_and_the_console_say_is_not_for_pages() {
    assertThat(
            allowed(
                "Authorization, X-Forwarded-For,x-real-ip, forwarded,cookie,*,x-csrf-token,"
                    + "x-gatewright-edge, proxy-authorization,sec-fetch-site,x-http-method-override,"
                    + "X-Gatewright-As-Organization"))
        .isEqualTo("authorization,x-gatewright-as-organization");
    assertThat(allowed("*")).isNull();
    assertThat(allowed("x-forwarded-host")).isNull();
  }

  @Test
  void edited_origins_are_in_force_at_once() {
    edge.server().configure(new CorsConfig(List.of("https://new.example")), SitesConfig.NONE);
    try {
      assertThat(ask("GET /tts/api/x", APP).header("access-control-allow-origin")).isNull();
      assertThat(
              ask("GET /tts/api/x", "Origin: https://new.example")
                  .header("access-control-allow-origin"))
          .isEqualTo("https://new.example");
    } finally {
      edge.server().configure(new CorsConfig(List.of("https://app.example")), SitesConfig.NONE);
    }
  }

  private static CorsConfig read(String origin) {
    return CorsConfig.from(ConfigSources.ofText("cors: { origins: ['" + origin + "'] }").load());
  }

  @Test
  void an_origin_is_written_as_browsers_write_it() {
    assertThat(read("https://App.Example:443").origins()).containsExactly("https://app.example");
    assertThat(read("http://localhost:5173").origins()).containsExactly("http://localhost:5173");
    for (String bad : new String[] {"*", "null", "app.example", "https://a.example/", "file://x"}) {
      assertThatThrownBy(() -> read(bad)).hasMessageContaining("cors.origins: " + bad);
    }
  }
}
