package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.server.SMTPServer;

/// People at a gate that has a name: TLS ends at a proxy in front, mails go out.
class PublicSiteTest {
  private static final String HOST = "gate.example.com";
  private static final String[] TLS = {
    "x-forwarded-proto", "https", "x-forwarded-for", "203.0.113.9"
  };

  @TempDir Path folder;

  private Gate gate(String settings) throws IOException {
    return LocalGate.start(
        GateSetup.in(folder).settings("trusted-proxies: [127.0.0.1]\n" + settings));
  }

  private static RawClient.Answer send(
      Gate gate, String method, String path, String body, String host, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append("%s %s HTTP/1.1\r\nhost: %s\r\n".formatted(method, path, host));
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    if (!body.isEmpty()) {
      head.append("content-type: application/json\r\ncontent-length: " + body.length() + "\r\n");
    }
    try (RawClient caller = gate.caller()) {
      return caller.send((head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII)).answer();
    }
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void a_claim_by_the_public_name_sets_a_cookie_of_that_host_alone() throws Exception {
    try (Gate gate = gate("public-url: https://" + HOST + "\nsetup: { remote: true }\n")) {
      String token = TestPerson.setupToken(gate);
      assertThat(gate.admin().call("POST", "/api/auth/setup/link", "", 201).path("link").asText())
          .startsWith("https://" + HOST + "/console/setup#");
      String body =
          "{\"token\":\"%s\",\"email\":\"ana@example.com\",\"organization\":\"Acme\"}"
              .formatted(token);
      RawClient.Answer strange = send(gate, "POST", "/api/auth/setup", body, "203.0.113.1", TLS);
      assertThat(strange.status()).isEqualTo(421);
      RawClient.Answer done = send(gate, "POST", "/api/auth/setup", body, HOST, TLS);
      assertThat(done.status()).as(done.text()).isEqualTo(201);
      String set = String.valueOf(done.header("set-cookie"));
      assertThat(set)
          .matches(
              "__Host-Http-gw=[A-Za-z0-9_-]{43}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict; Secure");
      String cookie = set.substring(0, set.indexOf(';'));
      Matcher csrf = Pattern.compile("\"csrf_token\":\"([^\"]+)\"").matcher(done.text());
      assertThat(csrf.find()).isTrue();

      String[] signedIn = with(TLS, "cookie", cookie, "x-csrf-token", csrf.group(1));
      assertThat(send(gate, "GET", "/api/auth/session", "", HOST, signedIn).status())
          .isEqualTo(200);
      assertThat(send(gate, "GET", "/api/auth/session", "", HOST + ":443", signedIn).status())
          .isEqualTo(200);
      for (String host : List.of("evil.example.com", HOST + ":8443", "x." + HOST, HOST + ".")) {
        assertThat(send(gate, "GET", "/api/auth/session", "", host, signedIn).status())
            .as(host)
            .isEqualTo(421);
      }
      // Over plain HTTP from elsewhere anybody on the way reads it.
      assertThat(
              send(
                      gate,
                      "GET",
                      "/api/auth/session",
                      "",
                      HOST,
                      "x-forwarded-for",
                      "203.0.113.9",
                      "cookie",
                      cookie)
                  .text())
          .contains("insecure_transport");
      String key = "{\"name\":\"k\"}";
      for (String[] page :
          new String[][] {
            {"origin", "https://" + HOST}, {"sec-fetch-site", "same-origin"},
          }) {
        assertThat(send(gate, "POST", "/api/keys", key, HOST, with(signedIn, page)).status())
            .isEqualTo(201);
      }
      for (String[] page :
          new String[][] {
            {},
            {"origin", "http://" + HOST},
            {"origin", "https://" + HOST + ":8443"},
            {"origin", "null"},
            {"sec-fetch-site", "same-site", "origin", "https://" + HOST},
          }) {
        assertThat(send(gate, "POST", "/api/keys", key, HOST, with(signedIn, page)).status())
            .isEqualTo(403);
      }
    }
  }

  /// Chromium tells plain pages of other machines nothing of the sites of requests.
  @Test
  void on_a_lan_name_the_origin_alone_decides() throws Exception {
    try (Gate gate = gate("public-url: http://gate.lan:8080\nsign-up: open\n")) {
      String body = "{\"email\":\"ana@example.com\"}";
      String[] near = {"x-forwarded-for", "192.168.1.7", "origin", "http://gate.lan:8080"};
      RawClient.Answer asked = send(gate, "POST", "/api/auth/code", body, "gate.lan:8080", near);
      assertThat(asked.status()).isEqualTo(202);
      assertThat(String.valueOf(asked.header("set-cookie")))
          .matches("gw_pre=[A-Za-z0-9_-]{43}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
      near[3] = "http://gate.lan";
      assertThat(send(gate, "POST", "/api/auth/code", body, "gate.lan:8080", near).status())
          .isEqualTo(403);
      near[1] = "8.8.8.8";
      assertThat(send(gate, "POST", "/api/auth/code", body, "gate.lan:8080", near).text())
          .contains("insecure_transport");
    }
  }

  @Test
  void mailed_code_signs_in_and_mail_links_use_site_not_host_header() throws Exception {
    List<String> mails = new CopyOnWriteArrayList<>();
    SMTPServer smtp =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler((_, _, _, data) -> mails.add(new String(data, StandardCharsets.UTF_8)))
            .build();
    smtp.start();
    String settings =
        "mail: { smtp: \"smtp://localhost:%d\", tls: none, from: gate@example.com }%n"
            .formatted(smtp.getPortAllocated());
    try (Gate gate = gate(settings)) {
      TestPerson owner = TestPerson.owner(gate);
      TestPerson again = TestPerson.stranger(gate);
      String agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
      again.send(
          "POST",
          "/api/auth/code",
          "{\"email\":\"Owner@example.com\"}",
          "user-agent",
          agent,
          "x-forwarded-host",
          "127.0.0.1:1");
      TestPerson.stranger(gate)
          .send("POST", "/api/auth/code", "{\"email\":\"nobody@example.com\"}");
      Await.until("the mail", Duration.ofSeconds(20), () -> !mails.isEmpty());
      String mail = mails.getFirst().replace("\r\n", "\n");
      assertThat(mail).contains("Firefox on Linux").doesNotContain("nobody@");
      Matcher code = Pattern.compile("(?m)^([0-9A-HJKMNP-TV-Z]{8})$").matcher(mail);
      assertThat(code.find()).as(mail).isTrue();
      assertThat(mail.substring(0, mail.indexOf("\n\n"))).doesNotContain(code.group(1));
      again.begun(
          again.send(
              "POST",
              "/api/auth/session",
              "{\"email\":\"owner@example.com\",\"code\":\"%s\"}"
                  .formatted(code.group(1).toLowerCase(Locale.ROOT)),
              "x-forwarded-host",
              "127.0.0.1:1"),
          201);
      assertThat(again.id()).isEqualTo(owner.id());

      owner.call(
          "POST",
          "/api/platform/act-as",
          "{\"organization_id\":\"%s\",\"reason\":\"ticket 7\"}".formatted(owner.organizationId()),
          201);
      Await.until("the notice", Duration.ofSeconds(20), () -> mails.size() > 1);
      assertThat(mails.get(1)).contains("ticket 7", "only look");
      assertThat(mails).hasSize(2);
    } finally {
      smtp.stop();
    }
  }

  @Test
  void an_invited_person_signs_in_and_belongs() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson owner = TestPerson.owner(gate);
      TestPerson viewer = TestPerson.member(gate, owner, "viewer");
      assertThat(viewer.organizationId()).isEqualTo(owner.organizationId());
      assertThat(viewer.send("GET", "/api/keys", "").statusCode()).isEqualTo(200);
      assertThat(viewer.send("POST", "/api/keys", "{\"name\":\"k\"}").statusCode()).isEqualTo(403);
      assertThat(viewer.send("GET", "/api/platform/people", "").statusCode()).isEqualTo(403);
    }
  }
}
