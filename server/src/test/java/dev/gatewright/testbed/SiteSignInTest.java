package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two sites in one gate, and a browser that takes what one of them gave it to the other. All of
/// its cookies go along wherever it asks: a hostile one keeps no names apart.
class SiteSignInTest {
  private static final String ONE = "one.example";
  private static final String TWO = "two.example:8443";
  private static final String TWO_URL = "https://two.example:8443";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final MockOAuth2Server idp =
      new MockOAuth2Server(
          new OAuth2Config(
              false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));

  @TempDir private Path folder;

  @BeforeAll
  static void startProvider() {
    idp.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterAll
  static void stopProvider() {
    idp.shutdown();
  }

  private Gate gate(String more) throws Exception {
    return LocalGate.start(
        GateSetup.in(Files.createDirectory(folder.resolve("gate")))
            .settings(
                """
                trusted-proxies: [127.0.0.1]
                sign-up: open
                public-url: https://one.example
                setup: { remote: true }
                sites:
                  - host: one.example
                  - { host: two.example, public-url: "https://two.example:8443" }
                  - { host: api.example, api-only: true }
                auth:
                  oidc:
                    - id: corp
                      issuer: http://localhost:%d/corp
                      client-id: gate
                      client-secret: hush
                      allow-private: true
                      trust-email: true
                      domains: [example.com]
                """
                    .formatted(idp.baseUrl().port()))
            .settings(more),
        Time.system());
  }

  private static String[] at(String host, String... more) {
    List<String> all =
        new ArrayList<>(List.of("x-forwarded-host", host, "x-forwarded-proto", "https"));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private static URI begun(TestPerson person, String host) throws Exception {
    HttpResponse<String> sent =
        person.send("GET", "/api/auth/oidc/corp/start", "", at(host, "sec-fetch-site", "none"));
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
    return URI.create(sent.headers().firstValue("location").orElseThrow());
  }

  /// Where the provider sends the browser back to.
  private static URI answered(URI there) throws Exception {
    idp.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            "corp",
            "sub-ana",
            "JWT",
            List.of("gate"),
            Map.of("email", "ana@example.com", "email_verified", true),
            600));
    HttpResponse<String> back =
        HTTP.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(302);
    return URI.create(back.headers().firstValue("location").orElseThrow());
  }

  private static HttpResponse<String> back(TestPerson person, URI to, String host)
      throws Exception {
    return person.send(
        "GET",
        to.getRawPath() + "?" + to.getRawQuery(),
        "",
        at(host, "sec-fetch-site", "cross-site"));
  }

  @Test
  void a_sign_in_by_a_provider_ends_at_the_site_where_it_began() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson.owner(gate);
      TestPerson ana = TestPerson.stranger(gate);
      URI there = begun(ana, TWO);
      // The provider is told to send the browser back to where it was, never to what Host says.
      assertThat(URLDecoder.decode(there.getRawQuery(), StandardCharsets.UTF_8))
          .contains("redirect_uri=" + TWO_URL + "/api/auth/oidc/corp/callback");
      URI to = answered(there);
      assertThat(to.toString()).startsWith(TWO_URL + "/api/auth/oidc/corp/callback?");

      for (String elsewhere : List.of(ONE, "api.example", "evil.example", "")) {
        HttpResponse<String> refused = back(ana, to, elsewhere);
        assertThat(refused.statusCode()).as(elsewhere).isIn(401, 404, 421);
        assertThat(refused.headers().allValues("set-cookie")).as(elsewhere).isEmpty();
      }
      // A browser that began at both has two of them, and neither opens the other.
      begun(ana, ONE);
      assertThat(back(ana, to, ONE).statusCode()).isEqualTo(401);

      HttpResponse<String> in = back(ana, to, TWO);
      assertThat(in.statusCode()).as(in.body()).isEqualTo(303);
      assertThat(in.headers().firstValue("location")).contains("/console/");
      assertThat(in.headers().allValues("set-cookie"))
          .anyMatch(cookie -> cookie.startsWith("__Host-Http-gw="));
      JsonNode session = ana.call("GET", "/api/auth/session", "", 200, at(TWO));
      assertThat(session.at("/person/email").asText()).isEqualTo("ana@example.com");
      ana.begun(ana.send("GET", "/api/auth/session", "", at(TWO)), 200);
      // Signing out leads back to that site, too.
      String end =
          ana.call("POST", "/api/auth/oidc/sign-out", "", 200, at(TWO)).path("url").asText();
      assertThat(URLDecoder.decode(end, StandardCharsets.UTF_8))
          .contains("post_logout_redirect_uri=" + TWO_URL + "/console/");
    }
  }

  @Test
  void an_identity_is_linked_at_the_site_where_that_was_asked_alone() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson.owner(gate);
      TestPerson bob = TestPerson.signInAt(gate, "bob@example.com", at(TWO));
      String url =
          bob.call("POST", "/api/auth/oidc/corp/link", "{}", 200, at(TWO)).path("url").asText();
      URI to = answered(URI.create(url));
      assertThat(back(bob, to, ONE).statusCode()).isEqualTo(401);
      assertThat(back(bob, to, TWO).statusCode()).isEqualTo(303);
    }
  }

  /// A link is no flow of a browser's: it opens something for whoever may take it, and leads to the
  /// one site that has it in its address.
  @Test
  void a_set_up_link_leads_to_the_gates_own_site_and_begins_a_session_where_it_is_taken()
      throws Exception {
    try (Gate gate = gate("")) {
      String link =
          gate.admin().call("POST", "/api/auth/setup/link", "", 201).path("link").asText();
      assertThat(link).startsWith("https://one.example/console/setup#");
      assertThat(Files.readString(folder.resolve("gate/data/setup-link")).strip()).isEqualTo(link);
      String body =
          "{\"token\":\"%s\",\"email\":\"ana@example.com\",\"organization\":\"Acme\"}"
              .formatted(link.substring(link.indexOf('#') + 1));
      TestPerson ana = TestPerson.stranger(gate);
      String far = "203.0.113.9";
      for (String[] each : new String[][] {{"api.example", "404"}, {"evil.example", "421"}}) {
        assertThat(
                ana.send("POST", "/api/auth/setup", body, at(each[0], "x-forwarded-for", far))
                    .statusCode())
            .as(each[0])
            .isEqualTo(Integer.parseInt(each[1]));
      }
      ana.begun(ana.send("POST", "/api/auth/setup", body, at(ONE, "x-forwarded-for", far)), 201);
      assertThat(ana.send("GET", "/api/auth/session", "", at(ONE)).statusCode()).isEqualTo(200);
      assertThat(ana.send("POST", "/api/auth/setup", body, at(TWO)).statusCode()).isEqualTo(410);
    }
  }

  @Test
  void an_invitation_is_for_who_was_invited_wherever_that_person_is_signed_in() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson.owner(gate);
      TestPerson owner = TestPerson.signInAt(gate, "owner@example.com", at(TWO));
      String link =
          owner
              .call(
                  "POST",
                  "/api/team/invitations",
                  "{\"email\":\"bob@example.com\",\"role\":\"viewer\"}",
                  201,
                  at(TWO))
              .path("link")
              .asText();
      assertThat(link).startsWith(TWO_URL + "/console/invitation#");
      String token = "{\"token\":\"%s\"}".formatted(link.substring(link.indexOf('#') + 1));
      String accept = "/api/team/invitations/accept";
      // Nobody is signed in where no console is.
      TestPerson bob = TestPerson.signInAt(gate, "bob@example.com", at(ONE));
      assertThat(bob.send("POST", accept, token, at("api.example")).statusCode())
          .isIn(401, 404, 421);
      TestPerson other = TestPerson.signInAt(gate, "eve@example.com", at(TWO));
      assertThat(other.send("POST", accept, token, at(TWO)).statusCode()).isEqualTo(404);
      bob.call("POST", accept, token, 200, at(ONE));
    }
  }

  @Test
  void a_payment_leads_back_to_the_site_where_it_began() throws Exception {
    try (FakeStripe stripe = new FakeStripe();
        Gate gate =
            gate(
                "payments: { stripe: { key: %s, webhook-secret: %s, base-url: \"%s\" } }\nbilling: { credits: required }\n"
                    .formatted(FakeStripe.KEY, FakeStripe.WEBHOOK_SECRET, stripe.url()))) {
      TestPerson.owner(gate);
      String usd = "{\"usd\":\"25\"}";
      TestPerson one = TestPerson.signInAt(gate, "owner@example.com", at(ONE));
      TestPerson two = TestPerson.signInAt(gate, "owner@example.com", at(TWO));
      String forged = "host=evil.example;proto=https";
      one.call("POST", "/api/billing/topups", usd, 201, at(ONE, "forwarded", forged));
      JsonNode begun =
          two.call("POST", "/api/billing/topups", usd, 201, at(TWO, "forwarded", forged));
      List<FakeStripe.Call> pages = stripe.posts("/v1/checkout/sessions");
      assertThat(pages.stream().map(each -> each.form().get("cancel_url")).toList())
          .containsExactly("https://one.example/console/billing", TWO_URL + "/console/billing");
      assertThat(pages.get(1).form().get("success_url"))
          .isEqualTo(TWO_URL + "/console/billing?topup=" + begun.path("id").asText());
      // The page that was begun is asked for at either: it is the organization's, not a browser's.
      assertThat(
              one.call("GET", "/api/billing/topups/" + begun.path("id").asText(), "", 200, at(ONE))
                  .path("url")
                  .asText())
          .isEqualTo(begun.path("url").asText());
    }
  }
}
