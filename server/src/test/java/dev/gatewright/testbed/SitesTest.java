package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One product under three names, behind a proxy that says which one a caller used.
class SitesTest {
  private static final String SETTINGS =
      """
      trusted-proxies: [127.0.0.1]
      sign-up: open
      sites:
        - host: one.example
        - host: two.example
          public-url: https://two.example:8443
        - host: api.example
          api-only: true
          origins: [https://app.example, https://other.example]
      """;

  @TempDir Path folder;
  private FakeProvider provider;
  private LocalGate gate;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    gate = LocalGate.start(GateSetup.usual(folder, provider).settings(SETTINGS));
  }

  @AfterEach
  void stop() throws IOException {
    gate.close();
    provider.close();
  }

  private static String[] at(String host) {
    return new String[] {"x-forwarded-host", host, "x-forwarded-proto", "https"};
  }

  private int raw(String head) throws IOException {
    try (RawClient client = gate.caller()) {
      client.send(head.replace("\n", "\r\n") + "\r\n\r\n");
      return client.answer().status();
    }
  }

  @Test
  void unknown_host_421_every_plane() throws Exception {
    for (String path :
        List.of(
            "/v1/models",
            "/chat/api/tags",
            "/status",
            "/api/keys",
            "/console/",
            "/api/auth/session",
            "/v1/rooms",
            "/openapi.json",
            "/")) {
      assertThat(raw("GET " + path + " HTTP/1.1\nHost: evil.example")).as(path).isEqualTo(421);
    }
    assertThat(raw("GET /health HTTP/1.1\nHost: evil.example")).isEqualTo(200);
    assertThat(raw("GET /health/live HTTP/1.1\nHost: evil.example")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one.example", "ONE.Example", "one.example:443", "one.example:8080"})
  void a_host_is_one_name_however_it_is_written(String host) throws Exception {
    assertThat(raw("GET / HTTP/1.1\nHost: " + host)).isEqualTo(200);
  }

  /// A name with its final dot is another one to a browser: its cookies and origins are not ours.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "one.example.",
        "one.example.evil",
        "xone.example",
        "one.example@evil.example",
        "[::ffff:7f00:1]",
        "one.example:443:443"
      })
  void what_only_looks_like_a_site_is_none(String host) throws Exception {
    assertThat(raw("GET / HTTP/1.1\nHost: " + host)).isIn(400, 421);
  }

  @Test
  void the_host_of_a_target_and_of_forwarded_counts_for_nothing() throws Exception {
    assertThat(raw("GET http://one.example/ HTTP/1.1\nHost: evil.example")).isIn(400, 421);
    assertThat(raw("GET / HTTP/1.1\nHost: evil.example\nForwarded: host=one.example"))
        .isEqualTo(421);
    assertThat(raw("GET / HTTP/1.1\nHost: one.example\nX-Forwarded-Host: evil.example"))
        .isEqualTo(421);
    assertThat(
            raw("GET / HTTP/1.1\nHost: one.example\nX-Forwarded-Host: one.example, evil.example"))
        .isEqualTo(421);
  }

  @Test
  void code_on_other_site_refused() throws Exception {
    TestPerson ana = TestPerson.stranger(gate);
    String body = "{\"email\":\"ana@example.com\"}";
    assertThat(ana.send("POST", "/api/auth/code", body, at("one.example")).statusCode())
        .isEqualTo(202);
    String code =
        gate.admin().call("POST", "/api/auth/login-code", body, 200).path("code").asText();
    String entered = "{\"email\":\"ana@example.com\",\"code\":\"%s\"}".formatted(code);
    assertThat(ana.send("POST", "/api/auth/session", entered, at("two.example:8443")).statusCode())
        .isEqualTo(401);
    HttpResponse<String> in = ana.send("POST", "/api/auth/session", entered, at("one.example"));
    assertThat(in.statusCode()).as(in.body()).isEqualTo(201);
    assertThat(ana.cookies()).containsKey("__Host-Http-gw");
    assertThat(ana.send("GET", "/api/auth/session", "", at("one.example")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void api_only_has_no_console_and_nobody_signs_in_there() throws Exception {
    TestPerson ana = TestPerson.stranger(gate);
    for (String path : List.of("/console", "/console/keys", "/api/auth/session")) {
      assertThat(ana.send("GET", path, "", at("api.example")).statusCode()).as(path).isEqualTo(404);
    }
    AdminClient.Key key = gate.admin().createKey("{\"name\":\"a\",\"kind\":\"admin\"}");
    HttpResponse<String> keys =
        ana.send(
            "GET",
            "/api/keys",
            "",
            "authorization",
            "Bearer " + key.key(),
            "x-forwarded-host",
            "api.example");
    assertThat(keys.statusCode()).as(keys.body()).isEqualTo(200);
  }

  @Test
  void a_page_reads_rest_by_key_where_its_site_lists_it() throws Exception {
    TestPerson page = TestPerson.stranger(gate);
    String[] key = {"authorization", "", "x-forwarded-host", "api.example", "origin", ""};
    String admin = "{\"name\":\"a\",\"kind\":\"admin\",\"origins\":[\"https://app.example\"]}";
    key[1] = "Bearer " + gate.admin().createKey(admin).key();
    for (String[] each :
        new String[][] {
          {"https://app.example", "200"},
          // The gate knows the page, the key does not: it may read that it may not.
          {"https://other.example", "403"},
        }) {
      key[5] = each[0];
      HttpResponse<String> answer = page.send("GET", "/api/keys", "", key);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(each[1]));
      assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(each[0]);
      assertThat(answer.headers().firstValue("access-control-allow-credentials")).isEmpty();
      assertThat(answer.headers().allValues("vary")).contains("Origin");
    }
    key[5] = "https://evil.example";
    HttpResponse<String> silent = page.send("GET", "/api/keys", "", key);
    assertThat(silent.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(silent.headers().allValues("vary")).contains("Origin");
  }

  @Test
  void rows_name_the_site_they_came_to() throws Exception {
    provider.next(Answers.json(200, "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}"));
    AdminClient.Key key = gate.admin().liveKey("k");
    HttpResponse<String> answer =
        TestPerson.stranger(gate)
            .send(
                "POST",
                "/v1/chat/completions",
                "{\"model\":\"fast\",\"messages\":[]}",
                "authorization",
                "Bearer " + key.key(),
                "x-forwarded-host",
                "API.example:443");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Await.until(
        "the row is there", Duration.ofSeconds(20), () -> sites().equals(List.of("api.example")));
  }

  private List<String> sites() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("data").resolve("gatewright.db"));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT site FROM usage_attempt")) {
      List<String> all = new ArrayList<>();
      while (found.next()) {
        all.add(found.getString(1));
      }
      return all;
    }
  }

  @Test
  void caddy_ask_unknown_domain_refused() throws Exception {
    TestPerson proxy = TestPerson.stranger(gate);
    for (String[] each :
        new String[][] {
          {"one.example", "200"},
          {"TWO.example", "200"},
          {"api.example", "200"},
          {"evil.example", "404"},
          {"one.example.evil", "404"},
          {"one.example.", "404"},
          {"one.example&domain=evil.example", "400"},
          {"", "400"},
        }) {
      assertThat(ask(proxy, each[0], "")).as(each[0]).isEqualTo(Integer.parseInt(each[1]));
    }
    assertThat(ask(proxy, "one.example", "203.0.113.9")).isEqualTo(403);
  }

  private static int ask(TestPerson proxy, String domain, String client) throws Exception {
    return proxy
        .send("GET", "/auth/site?domain=" + domain, "", "x-forwarded-for", client)
        .statusCode();
  }
}
