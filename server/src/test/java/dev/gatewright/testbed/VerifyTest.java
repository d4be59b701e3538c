package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.RawClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `/auth/verify` and `/auth/envoy`, as front proxies ask them.
class VerifyTest {
  private static final String EDGE = "x-gatewright-edge: first";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              edge: { secrets: [first, second] }
              services:
                - { id: chat, preset: ollama, instances: ["http://127.0.0.1:9"] }
                - { id: tts, preset: piper, instances: ["http://127.0.0.1:9"] }
                - id: own
                  preset: http
                  path: keep-api
                  instances: ["http://127.0.0.1:9"]
                  allow: [GET /api/x, POST /y/*, GET /ws, POST /ws]
              """));

  private static String user;
  private static String manager;

  @BeforeAll
  static void keys() throws Exception {
    user =
        world
            .admin()
            .createKey("{\"name\":\"u\",\"user\":\"Änn Müller\",\"services\":[\"chat\",\"own\"]}")
            .key();
    manager =
        world
            .admin()
            .createKey("{\"name\":\"m\",\"services\":[\"chat\"],\"manage\":[\"chat\"]}")
            .key();
  }

  private static Answer ask(String path, String key, String... headers) throws IOException {
    return send("GET", path, key, headers);
  }

  private static Answer send(String method, String path, String key, String... headers)
      throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.request(method, path, key, new byte[0], headers).answer();
    }
  }

  private static Answer verify(String form, String key, String method, String uri)
      throws IOException {
    return ask(
        "/auth/verify" + form,
        key,
        EDGE,
        "x-forwarded-method: " + method,
        "x-forwarded-uri: " + uri);
  }

  @Test
  void an_accepted_key_gets_200_without_a_body_and_all_four_names() throws Exception {
    Answer answer = ask("/auth/verify", user);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("content-length")).isEqualTo("0");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-gatewright-key")).startsWith("key_");
    assertThat(answer.header("x-gatewright-user")).isEqualTo("%C3%84nn%20M%C3%BCller");
    assertThat(answer.header("x-gatewright-organization")).startsWith("org_");
    assertThat(answer.header("x-gatewright-scopes")).isEqualTo("chat:use own:use");
    assertThat(answer.head().headers()).doesNotContainKey("x-gatewright-deny");
  }

  @Test
  void what_is_empty_is_a_dash() throws Exception {
    String test = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
    Answer answer = ask("/auth/verify", test);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-gatewright-user")).isEqualTo("-");
    assertThat(answer.header("x-gatewright-scopes")).isEqualTo("-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"})
  void any_method_may_ask(String method) throws Exception {
    try (RawClient caller = world.caller()) {
      caller.request(method, "/auth/verify", user, new byte[0]);
      assertThat(caller.head().status()).isEqualTo(200);
    }
  }

  @Test
  void without_a_good_key_it_is_one_uniform_401() throws Exception {
    Answer none = ask("/auth/verify/chat", "");
    Answer bad = ask("/auth/verify/chat", "gw_live_nonsense", EDGE, "x-forwarded-uri: /chat");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.header("www-authenticate")).startsWith("Bearer");
    assertThat(none.header("cache-control")).isEqualTo("no-store");
    assertThat(none.text()).contains("\"code\":\"invalid_api_key\"");
    assertThat(bad.text().replaceFirst("req_[^\"]+", ""))
        .isEqualTo(none.text().replaceFirst("req_[^\"]+", ""));
    assertThat(none.head().headers()).doesNotContainKey("x-gatewright-key");
  }

  @ParameterizedTest
  @CsvSource({
    // as callers write it, with and without what a proxy takes off
    "chat, GET, /chat/api/tags, 200",
    "chat, GET, /chat/api/tags?x=%2F..%2f, 200",
    "chat, GET, /api/tags, 200",
    "chat, GET, /tags, 200",
    "chat, HEAD, /chat/api/tags, 200",
    "chat, POST, /chat/api/v1/chat/completions, 200",
    "chat, POST, /v1/chat/completions, 200",
    "chat, GET, /chat, 200",
    "own, GET, /own/api/x, 200",
    "own, GET, /api/x, 200",
    "own, POST, /y/z, 200",
    // a socket begins with GET
    "own, GET, /own/ws, 200",
    "own, POST, /own/ws, 403",
    "own, GET, /own/ws/x, 403",
    "chat, GET, /chat/ws, 403",
    // the method belongs to it
    "chat, DELETE, /chat/api/tags, 403",
    "chat, POST, /chat, 403",
    "chat, get, /chat/api/tags, 403",
    // manage without the scope
    "chat, POST, /chat/api/pull, 403",
    "chat, POST, /api/pull, 403",
    "chat, POST, /pull, 403",
    "chat, DELETE, /api/delete, 403",
    // on no list
    "chat, GET, /chat/api/experimental/x, 403",
    "chat, GET, /, 403",
    "chat, GET, /chat/tags, 403",
    "own, GET, /x, 403",
    "own, GET, /own/x, 403",
    // another service's paths, another spelling
    "chat, GET, /tts/api/voices, 403",
    "chat, GET, /CHAT/api/tags, 403",
    "chat, GET, /chat/api/%74ags, 403",
    "chat, GET, /chat/%61pi/tags, 403",
    // the edge's rules for paths
    "chat, GET, //chat/api/tags, 403",
    "chat, GET, /chat//api/tags, 403",
    "chat, GET, /chat/api/../api/tags, 403",
    "chat, GET, /chat/api/%2e%2e/api/tags, 403",
    "chat, GET, /chat%2fapi/tags, 403",
    "chat, GET, /chat/api/tags;x=y, 403",
    "chat, GET, /chat/api\\tags, 403",
    "chat, GET, /chat/api/tags%00, 403",
    "chat, GET, chat/api/tags, 403",
    "chat, GET, https://gate/chat/api/tags, 403",
    "own, POST, /y/%252e%252e/api, 403",
    // a service the key may not use, and one that is not there
    "tts, GET, /tts/api/voices, 403",
    "nobody, GET, /nobody/api/x, 403",
    "Chat, GET, /chat/api/tags, 403",
    "%63hat, GET, /chat/api/tags, 403"
  })
  void a_named_service_wants_method_and_path_on_its_list(
      String service, String method, String uri, int status) throws Exception {
    assertThat(verify("/" + service, user, method, uri).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /chat/api/tags, 200",
    "GET, /ollama/api/tags, 200",
    "GET, /chat, 200",
    "POST, /chat/api/pull, 403",
    "POST, /ollama/api/pull, 403",
    "GET, /chat/tags, 403",
    "GET, /tts/api/voices, 403",
    // what a lenient proxy would take for the service
    "GET, /CHAT/api/tags, 403",
    "GET, /%63hat/api/tags, 403",
    "GET, /chat%2Fapi/tags, 403",
    "GET, //chat/api/tags, 403",
    // nothing of ours: the key alone
    "GET, /else/where, 200",
    "DELETE, /, 200"
  })
  void without_a_name_the_path_says_which_service_it_is(String method, String uri, int status)
      throws Exception {
    assertThat(verify("", user, method, uri).status()).isEqualTo(status);
    // Envoy puts the same into the request line; there the edge's own refusal comes first.
    Answer envoy = send(method, "/auth/envoy" + uri, user, EDGE, "x-forwarded-method: GET");
    assertThat(envoy.status() == 400 ? 403 : envoy.status()).isEqualTo(status);
  }

  @Test
  void a_key_among_the_protocols_of_a_socket_would_reach_the_backend() throws Exception {
    Answer answer =
        ask("/auth/verify", "", EDGE, "sec-websocket-protocol: a, gatewright.key." + user);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(ask("/auth/verify", user, "sec-websocket-protocol: a").status()).isEqualTo(200);
  }

  @Test
  void managing_takes_the_scope() throws Exception {
    assertThat(verify("/chat", manager, "POST", "/chat/api/pull").status()).isEqualTo(200);
    assertThat(verify("", manager, "DELETE", "/chat/api/delete").status()).isEqualTo(200);
    Answer denied = verify("/chat?compat=nginx", user, "POST", "/chat/api/pull");
    assertThat(denied.header("x-gatewright-deny")).isEqualTo("policy_denied");
    assertThat(denied.text()).contains("chat:manage");
  }

  @Test
  void nobody_but_the_front_is_believed() throws Exception {
    String[] forged = {"x-forwarded-uri: /chat/api/pull", "x-forwarded-method: POST"};
    // The key alone is judged: neither more nor less.
    assertThat(ask("/auth/verify", user, forged).status()).isEqualTo(200);
    Answer named = ask("/auth/verify/chat?compat=nginx", user, "x-forwarded-uri: /chat/api/tags");
    assertThat(named.status()).isEqualTo(403);
    assertThat(named.header("x-gatewright-deny")).isEqualTo("no_uri");
    assertThat(ask("/auth/verify", user, "x-gatewright-edge: third", forged[0]).status())
        .isEqualTo(200);
    assertThat(ask("/auth/verify", user, "x-gatewright-edge: second", forged[0]).status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "x-original-uri: /chat/api/tags, x-original-method: GET, 200",
    "x-original-url: https://gate.example/chat/api/tags?a, x-original-method: GET, 200",
    "x-original-url: /chat/api/tags, x-forwarded-method: GET, 200",
    "x-original-url: https://gate.example, x-forwarded-method: GET, 403",
    "x-original-url: ftp://gate.example/chat/api/tags, x-forwarded-method: GET, 403",
    "x-original-uri: /chat/api/pull, x-original-method: POST, 403",
    "x-original-uri: /chat/api/tags, x-original-method: DELETE, 403",
    "x-original-uri: /chat/api/tags, x-y: z, 200"
  })
  void the_other_names_for_uri_and_method_count_too(String uri, String method, int status)
      throws Exception {
    assertThat(ask("/auth/verify/chat", user, EDGE, uri, method).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "x-forwarded-uri: /chat/api/tags, x-original-uri: /chat/api/pull, forwarded_disagree",
    "x-forwarded-uri: /chat/api/tags, x-original-url: http://g/chat/api/ps, forwarded_disagree",
    "x-forwarded-uri: /chat/api/tags, x-forwarded-uri: /chat/api/tags, forwarded_repeated",
    "x-forwarded-uri: /chat/api/../tags, x-y: z, path_dots",
    "x-forwarded-uri:, x-y: z, target_form"
  })
  void two_readers_never_read_two_requests(String one, String other, String reason)
      throws Exception {
    Answer answer = ask("/auth/verify/chat?compat=nginx", user, EDGE, one, other);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("x-gatewright-deny")).isEqualTo(reason);
    assertThat(ask("/auth/verify", user, EDGE, one, other).status()).isEqualTo(403);
    Answer methods =
        ask(
            "/auth/verify/chat",
            user,
            EDGE,
            "x-original-uri: /chat/api/tags",
            "x-original-method: DELETE",
            "x-forwarded-method: GET");
    assertThat(methods.status()).isEqualTo(403);
  }

  @Test
  void envoy_is_told_to_take_the_key_off() throws Exception {
    Answer answer = send("POST", "/auth/envoy/chat/api/chat?compat=nginx", user);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-envoy-auth-headers-to-remove"))
        .isEqualTo("authorization,x-api-key,api-key,x-goog-api-key");
    assertThat(answer.header("x-gatewright-user")).startsWith("%C3%84nn");
    // Judged from the request line whoever sends it; what headers say is the caller's.
    Answer denied =
        send(
            "POST",
            "/auth/envoy/chat/api/pull?compat=nginx",
            user,
            EDGE,
            "x-forwarded-method: GET",
            "x-forwarded-uri: /chat/api/tags");
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.head().headers()).doesNotContainKey("x-gatewright-deny");
    assertThat(ask("/auth/envoy/", user).status()).isEqualTo(200);
    assertThat(ask("/auth/envoy", user).status()).isEqualTo(404);
  }

  @Test
  void compat_names_the_reason_and_never_answers_what_nginx_makes_500_of() throws Exception {
    Answer unauthorized = ask("/auth/verify?compat=nginx", "");
    assertThat(unauthorized.status()).isEqualTo(401);
    assertThat(unauthorized.header("www-authenticate")).startsWith("Bearer");
    assertThat(unauthorized.header("x-gatewright-deny")).isEqualTo("invalid_api_key");
    assertThat(ask("/auth/verify/nobody?a=b&compat=nginx", user).header("x-gatewright-deny"))
        .isEqualTo("no_service");
    assertThat(verify("/chat?compat=nginx", user, "GET", "/chat/x").header("x-gatewright-deny"))
        .isEqualTo("not_listed");
    // The edge itself refuses this head.
    Answer malformed = ask("/auth/verify?compat=nginx", user, "x_api_key: k");
    assertThat(malformed.status()).isEqualTo(403);
    assertThat(malformed.header("x-gatewright-deny")).isEqualTo("header_underscore");
    assertThat(ask("/auth/verify?compat=nginxx", user, "x_api_key: k").status()).isEqualTo(400);
  }

  @Test
  void a_preflight_without_a_key_is_refused_unless_configured() throws Exception {
    Answer answer =
        ask(
            "/auth/verify/chat",
            "",
            EDGE,
            "x-forwarded-method: OPTIONS",
            "x-forwarded-uri: /chat/api/tags",
            "origin: https://app.example",
            "access-control-request-method: POST");
    assertThat(answer.status()).isEqualTo(401);
  }
}
