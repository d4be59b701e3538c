package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.server.SMTPServer;

/// What people begin at one site: its links and mails are that site's, and it goes on there alone.
class SiteFlowsTest {
  private static final String ONE = "one.example";
  private static final String TWO = "two.example:8443";
  private static final String[] HERE = {"x-forwarded-for", ""};

  @TempDir Path folder;
  private final List<String> mails = new CopyOnWriteArrayList<>();
  private SMTPServer smtp;
  private Gate gate;

  @BeforeEach
  void start() throws Exception {
    smtp =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler((_, _, _, data) ->
                mails.add(new String(data, StandardCharsets.UTF_8).replace("\r\n", "\n")))
            .build();
    smtp.start();
    Path logo = folder.resolve("two.svg");
    Files.writeString(logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    gate =
        LocalGate.start(
            GateSetup.in(Files.createDirectory(folder.resolve("gate")))
                .settings(
                    """
                    trusted-proxies: [127.0.0.1]
                    sign-up: open
                    public-url: https://one.example
                    mail: { smtp: "smtp://localhost:%d", tls: none, from: gate@example.com }
                    auth: { rp-id: example, related-origins: ["https://two.example:8443"] }
                    sites:
                      - host: one.example
                      - host: two.example
                        public-url: https://two.example:8443
                        name: Two & Co
                        brand: { color: "#0A7D5c", logo: %s }
                      - host: api.example
                        name: Unseen
                        api-only: true
                    """
                        .formatted(smtp.getPortAllocated(), logo)),
            Time.system());
  }

  @AfterEach
  void stop() {
    gate.close();
    smtp.stop();
  }

  private static String[] at(String host, String... more) {
    List<String> all = new ArrayList<>(List.of("x-forwarded-host", host));
    all.addAll(List.of("x-forwarded-proto", "https"));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private TestPerson signedIn(String host, String email) throws Exception {
    return TestPerson.signInAt(gate, email, at(host));
  }

  private String mail(String to) throws Exception {
    Await.until(
        "the mail to " + to,
        Duration.ofSeconds(20),
        () -> mails.stream().anyMatch(mail -> mail.contains("To: " + to)));
    return mails.stream().filter(mail -> mail.contains("To: " + to)).findFirst().orElseThrow();
  }

  /// A mail's text in one line, as it was before it was broken into lines.
  private static String text(String mail) {
    return mail.replace("=\n", "").replace("=3D", "=").replace("=20", " ");
  }

  @Test
  void mail_links_use_site_not_host_header() throws Exception {
    TestPerson.owner(gate);
    TestPerson owner = signedIn(TWO, "owner@example.com");
    // Nobody types this one in: of a code that is used up no mail is made.
    TestPerson.stranger(gate)
        .call("POST", "/api/auth/code", "{\"email\":\"owner@example.com\"}", 202, at(TWO));
    assertThat(mail("owner@example.com"))
        .contains("Subject: Your sign-in code for Two & Co (two.example:8443)");

    // Case and what else a request says make no difference; where the link goes is in the settings.
    String invitation = "{\"email\":\"%s\",\"role\":\"viewer\"}";
    for (String[] each :
        new String[][] {
          {"ana@example.com", TWO, "https://two.example:8443"},
          {"bob@example.com", "TWO.example:8443", "https://two.example:8443"},
        }) {
      JsonNode made =
          owner.call(
              "POST",
              "/api/team/invitations",
              invitation.formatted(each[0]),
              201,
              at(each[1], "forwarded", "host=evil.example"));
      String link = made.path("link").asText();
      assertThat(link).startsWith(each[2] + "/console/invitation#");
      assertThat(text(mail(each[0]))).contains(link, "at Two & Co (two.example:8443)");
    }
    // By a key, at a site without a console: the gate's own.
    String key = gate.admin().createKey("{\"name\":\"a\",\"kind\":\"admin\"}").key();
    JsonNode byKey =
        TestPerson.stranger(gate)
            .call(
                "POST",
                "/api/team/invitations",
                invitation.formatted("cyd@example.com"),
                201,
                "authorization",
                "Bearer " + key,
                "x-forwarded-host",
                "api.example");
    assertThat(byKey.path("link").asText()).startsWith("https://one.example/console/invitation#");
    assertThat(text(mail("cyd@example.com")))
        .contains(byKey.path("link").asText(), "at one.example,");

    mails.clear();
    owner.call(
        "POST",
        "/api/platform/act-as",
        "{\"organization_id\":\"%s\",\"reason\":\"ticket 7\"}".formatted(owner.organizationId()),
        201,
        at(TWO));
    assertThat(text(mail("owner@example.com"))).contains("ticket 7", "Two & Co (two.example:8443)");
  }

  @Test
  void a_pairing_is_of_the_site_where_it_began() throws Exception {
    TestPerson.owner(gate);
    TestPerson one = signedIn(ONE, "owner@example.com");
    TestPerson two = signedIn(TWO, "owner@example.com");
    TestPerson program = TestPerson.stranger(gate);
    JsonNode begun =
        program.call("POST", "/api/auth/pairings", "{\"host\":\"laptop\"}", 201, at(TWO));
    String code = begun.path("user_code").asText();
    assertThat(begun.path("url").asText())
        .isEqualTo("https://two.example:8443/console/pair#" + code);
    String typed = "{\"user_code\":\"%s\"}".formatted(code);
    for (String act : List.of("show", "approve", "deny")) {
      assertThat(one.send("POST", "/api/auth/pairings/" + act, typed, at(ONE)).statusCode())
          .as(act)
          .isEqualTo(404);
    }
    two.call("POST", "/api/auth/pairings/approve", typed, 200, at(TWO));
    String device = "{\"device_code\":\"%s\"}".formatted(begun.path("device_code").asText());
    HttpResponse<String> elsewhere =
        program.send("POST", "/api/auth/pairings/token", device, at(ONE));
    assertThat(elsewhere.body()).contains("expired_token");
    assertThat(
            program
                .call("POST", "/api/auth/pairings/token", device, 200, at(TWO))
                .path("key")
                .asText())
        .startsWith("gw_admin_");
  }

  @Test
  void a_passkey_of_several_sites_signs_in_where_it_was_asked_alone() throws Exception {
    TestPerson.owner(gate);
    TestPerson owner = signedIn(ONE, "owner@example.com");
    SoftPasskey passkey = new SoftPasskey();
    String base = "/api/auth/passkeys";
    JsonNode options = owner.call("POST", base + "/options", "", 200, at(ONE));
    assertThat(options.at("/rp/id").asText()).isEqualTo("example");
    owner.call("POST", base, wrapped(passkey.create(options, "https://one.example")), 201, at(ONE));
    JsonNode named = owner.call("POST", base + "/options", "", 200, at(ONE));
    assertThat(named.at("/rp/name").asText()).isEqualTo("Gatewright");

    TestPerson browser = TestPerson.stranger(gate);
    JsonNode asked = browser.call("POST", base + "/sign-in/options", "", 200, at(TWO));
    String there = wrapped(passkey.get(asked, "https://two.example:8443"));
    assertThat(browser.send("POST", base + "/sign-in", there, at(ONE)).statusCode()).isEqualTo(401);
    // A page of the one signs nothing for the other.
    String other = wrapped(passkey.get(asked, "https://one.example"));
    assertThat(browser.send("POST", base + "/sign-in", other, at(TWO)).statusCode()).isEqualTo(401);
    JsonNode again = browser.call("POST", base + "/sign-in/options", "", 200, at(TWO));
    browser.call(
        "POST",
        base + "/sign-in",
        wrapped(passkey.get(again, "https://two.example:8443")),
        201,
        at(TWO));
  }

  private static String wrapped(ObjectNode credential) {
    ObjectNode body = TestPerson.JSON.createObjectNode();
    body.set("credential", credential);
    return body.toString();
  }

  @Test
  void a_site_says_how_it_is_called_and_looks() throws Exception {
    TestPerson somebody = TestPerson.stranger(gate);
    assertThat(somebody.call("GET", "/api/auth/site", "", 200, at(TWO)))
        .isEqualTo(
            TestPerson.JSON.readTree(
                "{\"name\":\"Two & Co\",\"color\":\"#0a7d5c\",\"logo\":\"/console/site-logo\"}"));
    for (String[] plain : new String[][] {at(ONE), HERE}) {
      assertThat(somebody.call("GET", "/api/auth/site", "", 200, plain))
          .isEqualTo(
              TestPerson.JSON.readTree("{\"name\":\"Gatewright\",\"color\":null,\"logo\":null}"));
    }
    assertThat(somebody.send("GET", "/api/auth/site", "", at("api.example")).statusCode())
        .isEqualTo(404);
    HttpResponse<String> logo = somebody.send("GET", "/console/site-logo", "", at(TWO));
    assertThat(logo.statusCode()).isEqualTo(200);
    assertThat(logo.headers().firstValue("content-type")).contains("image/svg+xml");
    assertThat(logo.headers().firstValue("content-security-policy").orElse(""))
        .contains("sandbox")
        .doesNotContain("script");
    assertThat(logo.body()).startsWith("<svg");
    assertThat(somebody.send("GET", "/console/site-logo", "", at(ONE)).statusCode()).isEqualTo(404);
  }
}
