package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a real browser sends of itself: a session serves its own pages, and neither another program
/// on this machine (same-site, another port) nor a page of elsewhere (cross-site) gets anything
/// done with it, though the neighbour's requests do carry the cookie.
@Tag("system")
class BrowserSystemTest {
  private static final String STATUS = ".then(a => a.status, e => 'refused')";

  private final Queue<String> neighbourSaw = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;
  private Gate gate;
  private HttpServer neighbour;
  private Chromium browser;
  private String own;
  private String csrf;

  @BeforeEach
  void signIn() throws Exception {
    gate = LocalGate.start(GateSetup.in(folder.resolve("gate")));
    own = "http://localhost:" + gate.port();
    neighbour = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    neighbour.createContext(
        "/",
        exchange -> {
          neighbourSaw.add(String.valueOf(exchange.getRequestHeaders().getFirst("cookie")));
          byte[] page = "<!doctype html><title>n</title>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("content-type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    neighbour.start();
    browser = new Chromium(Files.createDirectory(folder.resolve("browser")));
    browser.open(own + "/docs");
    JsonNode session =
        browser.run(
            """
            fetch('/api/auth/setup', {method: 'POST', headers: {'content-type': 'application/json'},
              body: JSON.stringify({token: '%s', email: 'ana@example.com', organization: 'A'})})
              .then(a => a.json())\
            """
                .formatted(TestPerson.setupToken(gate)));
    csrf = session.path("csrf_token").asText();
    assertThat(csrf).as(session.toString()).isNotEmpty();
  }

  @AfterEach
  void end() throws Exception {
    browser.close();
    neighbour.stop(0);
    gate.close();
  }

  private String make(String origin, String more) {
    return """
    fetch('%s/api/keys', {method: 'POST', credentials: 'include', body: '{"name":"k"}', %s})\
    """
            .formatted(origin, more)
        + STATUS;
  }

  private String at(String path) throws Exception {
    return browser.run("fetch('%s')%s".formatted(path, STATUS)).asText();
  }

  @Test
  void its_own_page_works_with_a_cookie_no_script_sees() throws Exception {
    assertThat(at("/api/keys")).isEqualTo("200");
    assertThat(at("/api/auth/session")).isEqualTo("200");
    String json = "headers: {'content-type': 'application/json'%s}";
    String token = ", 'x-csrf-token': '" + csrf + "'";
    assertThat(browser.run(make("", json.formatted(token))).asText()).isEqualTo("201");
    assertThat(browser.run(make("", json.formatted(""))).asText()).isEqualTo("403");
    assertThat(browser.run(make("", "headers: {'x-csrf-token': '" + csrf + "'}")).asText())
        .isEqualTo("415");

    assertThat(browser.run("document.cookie").asText()).isEmpty();
    JsonNode cookies = browser.command("Network.getCookies").path("cookies");
    assertThat(cookies).hasSize(1);
    JsonNode cookie = cookies.get(0);
    assertThat(cookie.path("name").asText()).isEqualTo("gw_" + gate.port());
    assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
    assertThat(cookie.path("sameSite").asText()).isEqualTo("Strict");
    assertThat(cookie.path("path").asText()).isEqualTo("/");

    // On the data plane it is nobody's.
    for (String path : List.of("/v1/models", "/v1/rooms", "/v1/room-providers")) {
      String without =
          browser.run("fetch('%s', {credentials: 'omit'})%s".formatted(path, STATUS)).asText();
      assertThat(at(path)).as(path).isEqualTo(without);
    }
    assertThat(at("/v1/models")).isEqualTo("401");
  }

  @Test
  void same_site_port_neighbour_refused() throws Exception {
    attack("http://localhost:" + neighbour.getAddress().getPort() + "/");
    // Ports do not keep cookies apart: the neighbour got it, so what it sent was refused for where
    // it came from.
    assertThat(neighbourSaw).anyMatch(cookie -> cookie.contains("gw_" + gate.port() + "="));
  }

  @Test
  void cross_site_page_refused() throws Exception {
    attack("http://127.0.0.1:" + neighbour.getAddress().getPort() + "/");
    assertThat(neighbourSaw).noneMatch(cookie -> cookie.contains("gw_" + gate.port() + "="));
  }

  private void attack(String page) throws Exception {
    String before = state();
    browser.open(page);
    String token = "'x-csrf-token': '" + csrf + "'";
    for (String more :
        List.of(
            "mode: 'cors'",
            "mode: 'cors', headers: {'content-type': 'application/json', " + token + "}",
            "mode: 'cors', headers: {'content-type': 'text/plain'}",
            "mode: 'same-origin'")) {
      assertThat(browser.run(make(own, more)).asText()).as(more).isEqualTo("refused");
    }
    // It may be sent, and must come to nothing: its answer is opaque.
    assertThat(browser.run(make(own, "mode: 'no-cors'")).asText()).isEqualTo("0");
    for (String path : List.of("/api/keys", "/api/auth/session", "/api/audit")) {
      assertThat(
              browser
                  .run("fetch('%s%s', {credentials: 'include'})%s".formatted(own, path, STATUS))
                  .asText())
          .as(path)
          .isEqualTo("refused");
    }
    assertThat(
            browser
                .run(
                    "fetch('%s/api/auth/session', {method: 'DELETE', credentials: 'include'})%s"
                        .formatted(own, STATUS))
                .asText())
        .isEqualTo("refused");
    assertThat(browser.run(image(own + "/api/keys")).asText()).isEqualTo("error");
    assertThat(browser.run(stream(own + "/api/events")).asText()).isEqualTo("error");
    for (String kind : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertThat(browser.run(form(own + "/api/keys", kind)).asText()).isEqualTo("sent");
      assertThat(browser.run(form(own + "/api/auth/setup", kind)).asText()).isEqualTo("sent");
    }
    assertThat(state()).isEqualTo(before);
    browser.open(own + "/docs");
    assertThat(at("/api/auth/session")).isEqualTo("200");
  }

  /// Keys, and how far the audit chain has come: every change is in it.
  private String state() throws Exception {
    JsonNode anchor = gate.admin().call("GET", "/api/audit/anchor", "", 200);
    return gate.admin().call("GET", "/api/keys", "", 200).path("data").size()
        + " keys, link "
        + anchor.path("seq").asText();
  }

  private static String image(String url) {
    return """
    new Promise(done => { const i = new Image(); i.onload = () => done('loaded');
      i.onerror = () => done('error'); i.src = '%s'; })\
    """
        .formatted(url);
  }

  private static String stream(String url) {
    return """
    new Promise(done => { const s = new EventSource('%s', {withCredentials: true});
      s.onopen = () => done('open'); s.onerror = () => { s.close(); done('error'); }; })\
    """
        .formatted(url);
  }

  private static String form(String url, String kind) {
    return """
    new Promise(done => { const w = document.createElement('iframe'); w.name = 'w';
      document.body.append(w);
      const f = document.createElement('form'); f.method = 'post'; f.action = '%s';
      f.enctype = '%s'; f.target = 'w';
      const i = document.createElement('input'); i.name = '{"name":"k","x":"'; i.value = '"}';
      f.append(i); document.body.append(f);
      w.onload = () => { w.remove(); f.remove(); done('sent'); }; f.submit();
      setTimeout(() => done('sent'), 3000); })\
    """
        .formatted(url, kind);
  }
}
