package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A session's cookie counts for its person's own pages, at the gate's own names, on the portal,
/// and for nobody else.
class SessionsTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();
  private static TestPerson owner;

  @BeforeAll
  static void claim() throws Exception {
    owner = TestPerson.owner(world.gate());
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    return owner.send("GET", path, "", headers);
  }

  private static HttpResponse<String> make(String... headers) throws Exception {
    return owner.send("POST", "/api/keys", "{\"name\":\"k\"}", headers);
  }

  /// By a socket, since a client library does not let its host be chosen.
  private static RawClient.Answer at(String host, String path, String... headers) throws Exception {
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nhost: " + host + "\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    try (RawClient caller = world.caller()) {
      return caller.send((head + "\r\n").getBytes(StandardCharsets.US_ASCII)).answer();
    }
  }

  @Test
  void csrf_matrix_of_fetch_metadata_and_origin() throws Exception {
    String here = "http://127.0.0.1:" + world.gate().port();
    assertThat(make().statusCode()).isEqualTo(201);
    assertThat(make("sec-fetch-site", "", "origin", here).statusCode()).isEqualTo(201);
    for (String site : List.of("same-site", "cross-site", "none", "Same-Origin")) {
      assertThat(make("sec-fetch-site", site, "origin", here).statusCode()).as(site).isEqualTo(403);
      assertThat(get("/api/keys", "sec-fetch-site", site).statusCode()).isEqualTo(200);
    }
    for (String origin :
        List.of(
            "",
            "null",
            "http://localhost:" + world.gate().port(),
            "https" + here.substring(4),
            here + "0")) {
      assertThat(make("sec-fetch-site", "", "origin", origin).statusCode())
          .as(origin)
          .isEqualTo(403);
    }
    assertThat(make("x-csrf-token", "").body()).contains("csrf_token");
    assertThat(make("x-csrf-token", "A".repeat(43)).statusCode()).isEqualTo(403);
    assertThat(make("content-type", "text/plain").statusCode()).isEqualTo(415);
  }

  @Test
  void a_key_beside_the_cookie_is_400() throws Exception {
    for (String header : List.of("authorization", "x-api-key", "api-key", "x-goog-api-key")) {
      String value = header.equals("authorization") ? "Bearer " + world.key() : world.key();
      assertThat(get("/api/keys", header, value).statusCode()).as(header).isEqualTo(400);
    }
  }

  @Test
  void a_cookie_of_nobody_is_401_and_so_is_one_twice() throws Exception {
    String name = "gw_" + world.gate().port() + "=";
    assertThat(get("/api/auth/session", "cookie", name + "A".repeat(43)).statusCode())
        .isEqualTo(401);
    assertThat(get("/api/auth/session", "cookie", "").statusCode()).isEqualTo(401);
    assertThat(get("/api/auth/session", "cookie", owner.cookie() + "; " + name + "x").statusCode())
        .isEqualTo(401);
    assertThat(
            get("/api/auth/session", "cookie", "gw_1=x; theme=dark; " + owner.cookie())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void cookies_count_at_the_gates_own_names_alone() throws Exception {
    int port = world.gate().port();
    for (String host :
        List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "LocalHost:" + port)) {
      assertThat(at(host, "/api/auth/session", "cookie", owner.cookie()).status())
          .as(host)
          .isEqualTo(200);
    }
    for (String host :
        List.of(
            "evil.example:" + port,
            "127.0.0.1.evil.example:" + port,
            "192.168.1.5:" + port,
            "gate")) {
      RawClient.Answer answer = at(host, "/api/auth/session", "cookie", owner.cookie());
      assertThat(answer.status()).as(host).isEqualTo(421);
      assertThat(at(host, "/v1/models", "authorization", "Bearer " + world.key()).status())
          .isEqualTo(200);
    }
    // The cookie's name holds the port that the browser sees.
    assertThat(at("localhost:9", "/api/auth/session", "cookie", owner.cookie()).status())
        .isEqualTo(401);
  }

  @Test
  void cookie_ignored_on_v1_and_services() throws Exception {
    for (String path : List.of("/v1/models", "/v1/rooms", "/v1/room-plans", "/api/rooms/x")) {
      HttpResponse<String> without = TestPerson.stranger(world.gate()).send("GET", path, "");
      assertThat(get(path).statusCode()).as(path).isEqualTo(without.statusCode()).isNotEqualTo(200);
    }
    assertThat(get("/v1/models", "authorization", "Bearer " + world.key()).statusCode())
        .isEqualTo(200);
    HttpResponse<String> chat =
        owner.send(
            "POST",
            "/v1/chat/completions",
            "{\"model\":\"fast\",\"messages\":[]}",
            "authorization",
            "Bearer " + world.key());
    assertThat(chat.statusCode()).isEqualTo(200);
    assertThat(world.provider().take().headers().toString()).doesNotContain("gw_");
  }

  @Test
  void each_session_is_listed_and_can_be_ended() throws Exception {
    JsonNode line = owner.call("GET", "/api/auth/sessions", "", 200).at("/data/0");
    assertThat(line.path("current").asBoolean()).isTrue();
    assertThat(line.path("address").asText()).isEqualTo("127.0.0.1");
    assertThat(line.path("agent").asText()).contains("Java");
    assertThat(owner.send("DELETE", "/api/auth/sessions/ses_0", "").statusCode()).isEqualTo(404);
    assertThat(owner.send("DELETE", "/api/auth/sessions", "").statusCode()).isEqualTo(204);
    assertThat(get("/api/auth/session").statusCode()).isEqualTo(200);
  }

  @Test
  void the_documents_own_routes_know_the_person() throws Exception {
    assertThat(get("/api/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/api/nothing", "cookie", "").statusCode()).isEqualTo(401);
    assertThat(get("/api/auth/setup/link").statusCode()).isEqualTo(405);
    assertThat(owner.send("POST", "/api/auth/setup/link", "").statusCode()).isEqualTo(401);
  }
}
