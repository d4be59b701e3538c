package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  private static void nothing(Exchange exchange) {
    throw new AssertionError("only matched here: " + exchange);
  }

  private final RouteTable routes =
      RouteTable.builder()
          .any("/health*", RouteTableTest::nothing)
          .get("/v1/models", RouteTableTest::nothing)
          .get("/v1/models/{id*}", RouteTableTest::nothing)
          .post("/v1/chat/completions", RouteTableTest::nothing)
          .any("/v1/*", RouteTableTest::nothing)
          .get("/api/keys/{id}", RouteTableTest::nothing)
          .on("DELETE", "/api/keys/{id}", RouteTableTest::nothing)
          .get("/api/keys/{id}/audit", RouteTableTest::nothing)
          .any("/{service}/api/*", RouteTableTest::nothing)
          .get("/", RouteTableTest::nothing)
          .build();

  @ParameterizedTest
  @CsvSource({
    "GET,    /health,              /health*",
    "GET,    /health/live,         /health*",
    "GET,    /v1/models,           /v1/models",
    "HEAD,   /v1/models,           /v1/models",
    "GET,    /v1/models/a/b%2Fc,   /v1/models/{id}",
    "GET,    /v1/models/,          /v1/*",
    "POST,   /v1/chat/completions, /v1/chat/completions",
    "GET,    /v1/other,            /v1/*",
    "GET,    /v1/,                 /v1/*",
    "DELETE, /api/keys/key_1,      /api/keys/{id}",
    "GET,    /api/keys/key_1/audit,/api/keys/{id}/audit",
    "PUT,    /tts/api/x/y,         /{service}/api/*",
    "GET,    /tts/api/,            /{service}/api/*",
    "GET,    /,                    /",
  })
  void the_first_template_that_fits_wins(String method, String path, String template) {
    assertThat(routes.match(method, path))
        .isInstanceOfSatisfying(
            RouteTable.Match.Found.class,
            found -> assertThat(found.template()).isEqualTo(template));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/models,           'GET, HEAD'",
    "GET,  /v1/chat/completions, POST",
    "PUT,  /api/keys/key_1,      'DELETE, GET, HEAD'",
    "get,  /,                    'GET, HEAD'",
  })
  void a_wrong_method_names_the_right_ones(String method, String path, String allow) {
    assertThat(routes.match(method, path))
        .isInstanceOfSatisfying(
            RouteTable.Match.WrongMethod.class,
            wrong -> assertThat(wrong.allow()).isEqualTo(allow));
  }

  @ParameterizedTest
  @CsvSource({"/v1", "/api/keys/", "/api/keys/a/b", "/heal", "//api/x", "/api/keys//audit", "/x"})
  void else_there_is_nothing(String path) {
    assertThat(routes.match("GET", path)).isInstanceOf(RouteTable.Match.None.class);
  }

  @Test
  void only_below_an_id_prefix_an_encoded_slash_may_stand() {
    assertThat(routes.idPrefixes()).containsExactly("/v1/models/");
  }

  @Test
  void a_route_given_twice_or_malformed_stops_the_start() {
    RouteTable.Builder builder = RouteTable.builder().get("/a", RouteTableTest::nothing);
    assertThatThrownBy(() -> builder.get("/a", RouteTableTest::nothing))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PathTemplate.parse("/a*/b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PathTemplate.parse("/{a*}/b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PathTemplate.parse("a")).isInstanceOf(IllegalArgumentException.class);
  }
}
