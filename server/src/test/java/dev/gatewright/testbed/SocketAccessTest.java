package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may open a WebSocket of a service, by what, and what each side sees of the other.
class SocketAccessTest {
  private static final EchoBackend BACKEND = SocketWorld.backend();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings(SocketWorld.services(BACKEND)));

  @AfterAll
  static void stop() throws IOException {
    BACKEND.close();
  }

  private static RawClient.Answer refused(String path, String key, String... headers)
      throws IOException {
    try (RawClient caller = SocketWorld.ask(world.gate(), path, key, headers)) {
      return caller.answer();
    }
  }

  private static String ticket(String key, String body) throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer = caller.post("/api/tickets", key, body).answer();
      assertThat(answer.status()).isEqualTo(201);
      return answer.text().replaceFirst("(?s).*\"ticket\":\"(gwt_[^\"]*)\".*", "$1");
    }
  }

  @Test
  void the_backend_sees_the_gates_credential_and_none_of_the_callers() throws Exception {
    String[] headers = {
      "cookie: a=b", "origin: http://evil", "x-gatewright-user: forged", "x-test: 1"
    };
    try (RawClient caller = SocketWorld.ask(world.gate(), "/echo/ws", world.key(), headers)) {
      assertThat(caller.head().status()).isEqualTo(101);
      String head = BACKEND.visit().head.toLowerCase(Locale.ROOT);
      assertThat(head)
          .contains("authorization: bearer backend-secret\r\n", "x-test: 1\r\n")
          .contains("upgrade: websocket\r\n", "sec-websocket-key: dghlihnhbxbszsbub25jzq==\r\n")
          .doesNotContain("cookie", "origin", "x-gatewright", "sec-websocket-protocol");
    }
  }

  @Test
  void a_key_among_the_protocols_opens_and_goes_no_further() throws Exception {
    String protocol = "gatewright.key." + world.key();
    try (SocketCaller caller =
        SocketCaller.open(world.gate(), "/echo/ws", null, protocol, "graphql-ws", "other")) {
      assertThat(caller.socket().getSubprotocol()).isEqualTo("graphql-ws");
      assertThat(BACKEND.visit().head)
          .containsIgnoringCase("sec-websocket-protocol: graphql-ws, other\r\n")
          .doesNotContain("gatewright");
      assertThat(caller.say("x").next()).isEqualTo("text:x");
    }
    // As OpenAI's own clients bring it in a browser.
    String theirs = "openai-insecure-api-key." + world.key();
    try (SocketCaller caller =
        SocketCaller.open(world.gate(), "/echo/ws", null, "realtime", theirs)) {
      assertThat(caller.socket().getSubprotocol()).isEqualTo("realtime");
      assertThat(BACKEND.visit().head)
          .containsIgnoringCase("sec-websocket-protocol: realtime\r\n")
          .doesNotContain("insecure");
    }
    // Nothing is left to choose from; what browsers need to hear is the gate's own name.
    try (RawClient caller =
        SocketWorld.ask(
            world.gate(), "/echo/ws", "", "sec-websocket-protocol: gatewright, " + protocol)) {
      assertThat(caller.head().headers()).containsEntry("sec-websocket-protocol", "gatewright");
      assertThat(BACKEND.visit().head).doesNotContainIgnoringCase("sec-websocket-protocol");
    }
    try (RawClient caller =
        SocketWorld.ask(world.gate(), "/echo/ws", "", "sec-websocket-protocol: a, " + protocol)) {
      assertThat(caller.head().headers()).containsEntry("sec-websocket-protocol", "a");
      assertThat(BACKEND.visit().head).doesNotContain(world.key());
    }
    try (RawClient caller =
        SocketWorld.ask(world.gate(), "/echo/ws", "", "sec-websocket-protocol: " + protocol)) {
      assertThat(caller.head().headers())
          .containsEntry("upgrade", "websocket")
          .doesNotContainKey("sec-websocket-protocol");
      assertThat(BACKEND.visit().head).doesNotContain(world.key());
    }
    assertThat(
            refused("/echo/ws", world.key(), "sec-websocket-protocol: gatewright.key.no").status())
        .isEqualTo(401);
    assertThat(
            refused("/echo/ws", "", "sec-websocket-protocol: gatewright.key.a, gatewright.key.b")
                .status())
        .isEqualTo(401);
  }

  @Test
  void a_ticket_opens_once_and_is_seen_by_nobody() throws Exception {
    String ticket = ticket(world.key(), "{\"service\":\"echo\"}");
    String path = "/echo/ws?a=1&ticket=" + ticket + "&b=2";
    try (SocketCaller caller = SocketCaller.open(world.gate(), path, null)) {
      assertThat(BACKEND.visit().head).startsWith("GET /base/ws?a=1&b=2 HTTP/1.1\r\n");
      assertThat(caller.say("x").next()).isEqualTo("text:x");
    }
    assertThat(refused(path, "").status()).isEqualTo(401);
    String below = "/echo/api/live?ticket=" + ticket(world.key(), "");
    try (RawClient caller = SocketWorld.ask(world.gate(), below, "")) {
      assertThat(caller.head().status()).isEqualTo(101);
      assertThat(BACKEND.visit().head).startsWith("GET /base/live HTTP/1.1\r\n");
    }
    awaitLog("ticket_unknown");
    assertThat(log()).contains("\"event\":\"auth_denied\"").doesNotContain("gwt_");
    assertThat(BACKEND.seen()).doesNotContain("gwt_");
  }

  @Test
  void a_ticket_of_another_service_or_beside_a_key_or_for_an_ordinary_call_opens_nothing()
      throws Exception {
    String foreign = "ticket=" + ticket(world.key(), "{\"service\":\"bare\"}");
    assertThat(refused("/echo/ws?" + foreign, "").status()).isEqualTo(401);
    awaitLog("ticket_service");
    assertThat(refused("/bare/api/live?" + foreign, "").status()).isEqualTo(401);
    String beside = "ticket=" + ticket(world.key(), "");
    assertThat(refused("/echo/ws?" + beside, world.key()).status()).isEqualTo(401);
    String two = beside + "&ticket=" + ticket(world.key(), "");
    assertThat(refused("/echo/ws?" + two, "").status()).isEqualTo(401);
    try (RawClient caller = world.caller()) {
      RawClient.Answer plain =
          caller.get("/echo/api/live?ticket=" + ticket(world.key(), ""), "").answer();
      assertThat(plain.status()).isEqualTo(401);
    }
    AdminClient.Key other = world.admin().createKey("{\"name\":\"o\",\"services\":[\"bare\"]}");
    RawClient.Answer denied = refused("/echo/ws?ticket=" + ticket(other.key(), ""), "");
    assertThat(denied.status()).isEqualTo(403);
  }

  @Test
  void an_expired_ticket_opens_nothing() throws Exception {
    // Each is asked for later than the one before, until one comes too late.
    Await.until(
        "a ticket too old",
        Duration.ofSeconds(30),
        () -> {
          String old = ticket(world.key(), "{\"ttl\":\"1s\"}");
          Thread.sleep(Duration.ofMillis(1_100));
          return refused("/echo/ws?ticket=" + old, "").status() == 401
              && logHolds("ticket_expired");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bare/ws",
        "/bare/ws/x",
        "/echo/api/other",
        "/echo/api/post",
        "/echo/wsx",
        "/echo/ws/%252e",
        "/nobody/ws",
        "/talk/ws",
        "/ollama/ws"
      })
  void what_is_on_no_list_is_not_there(String path) throws Exception {
    RawClient.Answer answer = refused(path, world.key());
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("x-gatewright-queue-position")).isNull();
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/echo/ws/../live", "/echo//ws", "/echo/ws/%2e%2e/x", "/echo/ws;x"})
  void the_edges_rules_for_paths_hold(String path) throws Exception {
    assertThat(refused(path, world.key()).status()).isEqualTo(400);
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  @Test
  void a_socket_takes_a_key_that_may_use_the_service() throws Exception {
    RawClient.Answer none = refused("/echo/ws", "");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.header("connection")).isEqualTo("close");
    AdminClient.Key other = world.admin().createKey("{\"name\":\"o\",\"services\":[\"bare\"]}");
    assertThat(refused("/echo/ws", other.key()).status()).isEqualTo(403);
    AdminClient.Key test = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}");
    assertThat(refused("/echo/ws", test.key()).status()).isEqualTo(403);
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "HEAD"})
  void an_ordinary_call_of_a_socket_says_what_is_wanted(String method) throws Exception {
    try (RawClient caller = world.caller()) {
      caller.request(method, "/echo/ws", world.key(), new byte[0]);
      RawClient.Head head = caller.head();
      assertThat(head.status()).isEqualTo(426);
      assertThat(head.headers())
          .containsEntry("upgrade", "websocket")
          .containsEntry("sec-websocket-version", "13");
    }
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  @Test
  void a_wrong_handshake_is_refused() throws Exception {
    try (RawClient caller = world.caller()) {
      String[] old = SocketWorld.HANDSHAKE.clone();
      old[2] = "sec-websocket-version: 8";
      caller.get("/echo/ws", world.key(), old);
      RawClient.Head head = caller.head();
      assertThat(head.status()).isEqualTo(426);
      assertThat(head.headers()).containsEntry("sec-websocket-version", "13");
    }
    try (RawClient caller = world.caller()) {
      caller.get("/echo/ws", world.key(), "upgrade: websocket", "sec-websocket-version: 13");
      assertThat(caller.head().status()).isEqualTo(400);
    }
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "status=404, 502, answered 404",
    "status=426, 502, answered 426",
    "status=200, 502, answered 200",
    "status=401, 502, did not accept the gate's credential",
    "status=503, 503, please try again",
    "wrong-accept, 502, wrongly",
    "wrong-protocol, 502, wrongly"
  })
  void a_backend_that_does_not_switch_is_told_of(String odd, int status, String said)
      throws Exception {
    RawClient.Answer answer = refused("/echo/ws?" + odd, world.key(), "sec-websocket-protocol: a");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("\"error\":{").contains(said).doesNotContain("odd.");
    assertThat(answer.header("set-cookie")).isNull();
    BACKEND.visit();
  }

  @Test
  void rules_on_models_hold_for_the_model_in_the_query() throws Exception {
    AdminClient.Key key = world.admin().createKey("{\"name\":\"m\",\"models\":[\"small\"]}");
    String path = "/talk/api/v1/realtime";
    try (RawClient caller = SocketWorld.ask(world.gate(), path + "?model=small", key.key())) {
      assertThat(caller.head().status()).isEqualTo(101);
      assertThat(BACKEND.visit().head).startsWith("GET /v1/realtime?model=small ");
    }
    assertThat(refused(path + "?model=large", key.key()).status()).isEqualTo(403);
    assertThat(refused(path + "?mod%65l=large", key.key()).status()).isEqualTo(403);
    assertThat(refused(path, key.key()).status()).isEqualTo(400);
    assertThat(refused(path + "?model=small&model=large", key.key()).status()).isEqualTo(400);
    assertThat(refused(path + "?model=small;model=large", key.key()).status()).isEqualTo(400);
    assertThat(BACKEND.nobodyWaits()).isTrue();
  }

  private static String log() throws IOException {
    return Files.readString(world.data().resolve("access.log"), StandardCharsets.UTF_8);
  }

  private static boolean logHolds(String text) throws IOException {
    return log().contains(text);
  }

  private static void awaitLog(String text) throws Exception {
    Await.until("the log's " + text, Duration.ofSeconds(20), () -> logHolds(text));
  }
}
