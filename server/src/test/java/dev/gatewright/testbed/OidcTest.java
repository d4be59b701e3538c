package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signing in by an identity provider, a real one.
class OidcTest {
  private static final String CLIENT = "gate";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final MockOAuth2Server idp =
      new MockOAuth2Server(
          new OAuth2Config(
              false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));

  private final AtomicLong passedMillis = new AtomicLong();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir private Path folder;

  @BeforeAll
  static void startProvider() {
    idp.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterAll
  static void stopProvider() {
    idp.shutdown();
  }

  private static String issuer(String id) {
    return "http://localhost:" + idp.baseUrl().port() + "/" + id;
  }

  private Gate gate(String more) throws Exception {
    return LocalGate.start(
        GateSetup.in(folder)
            .settings(
                """
                trusted-proxies: [127.0.0.1]
                auth:
                  oidc:
                    - id: corp
                      issuer: %s
                      client-id: %s
                      client-secret: hush
                      allow-private: true
                      domains: [example.com]
                %s\
                """
                    .formatted(issuer("corp"), CLIENT, more.indent(6))),
        time);
  }

  private static final String TRUSTED =
      """
      trust-email: true
      groups-claim: groups
      roles: { ops: admin, devs: developer, bosses: owner }
      """;

  /// What the provider says next, of whom.
  private static void says(String subject, Map<String, Object> claims) {
    idp.enqueueCallback(
        new DefaultOAuth2TokenCallback("corp", subject, "JWT", List.of(CLIENT), claims, 600));
  }

  private static Map<String, Object> verified(String email, Object... more) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("email", email);
    claims.put("email_verified", true);
    for (int i = 0; i < more.length; i += 2) {
      claims.put((String) more[i], more[i + 1]);
    }
    return claims;
  }

  private static URI start(TestPerson person) throws Exception {
    HttpResponse<String> sent =
        person.send("GET", "/api/auth/oidc/corp/start", "", "sec-fetch-site", "none");
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
    return URI.create(sent.headers().firstValue("location").orElseThrow());
  }

  /// The provider's answer, as the browser brings it.
  private static String atProvider(URI there) throws Exception {
    HttpResponse<String> back =
        HTTP.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(302);
    URI to = URI.create(back.headers().firstValue("location").orElseThrow());
    return to.getRawPath() + "?" + to.getRawQuery();
  }

  private static HttpResponse<String> back(TestPerson person, String path) throws Exception {
    return person.send("GET", path, "", "sec-fetch-site", "cross-site");
  }

  private static HttpResponse<String> signIn(TestPerson person) throws Exception {
    return back(person, atProvider(start(person)));
  }

  private static void good(TestPerson person) throws Exception {
    HttpResponse<String> done = signIn(person);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
    assertThat(done.headers().firstValue("location")).contains("/console/");
    person.begun(person.send("GET", "/api/auth/session", ""), 200);
  }

  private static void refused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(answer.body()).contains("sign_in_failed");
    assertThat(answer.headers().allValues("set-cookie")).isEmpty();
  }

  @Test
  void oidc_state_once_and_bound() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson.owner(gate);
      TestPerson ana = TestPerson.stranger(gate);
      URI there = start(ana);
      assertThat(there.getRawQuery())
          .contains("code_challenge_method=S256", "response_mode=query", "nonce=", "state=");
      says("a", verified("ana@example.com"));
      String answer = atProvider(there);
      // In another browser, with no browser at all, at another provider, at another site.
      refused(back(TestPerson.stranger(gate), answer));
      TestPerson other = TestPerson.stranger(gate);
      start(other);
      refused(back(other, answer));
      refused(ana.send("GET", answer, "", "cookie", ""));
      refused(ana.send("GET", answer.replaceAll("state=[^&]*", "state=x"), ""));
      assertThat(back(ana, answer.replace("/corp/", "/none/")).statusCode()).isEqualTo(404);

      HttpResponse<String> done = back(ana, answer);
      assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
      assertThat(done.headers().allValues("set-cookie"))
          .anyMatch(cookie -> cookie.startsWith("gw_" + gate.port()) && cookie.contains("Strict"));
      refused(back(ana, answer));

      TestPerson late = TestPerson.stranger(gate);
      String old = atProvider(start(late));
      passedMillis.addAndGet(Duration.ofMinutes(10).toMillis());
      refused(back(late, old));
      // The provider's no, and an answer of somebody else's.
      TestPerson no = TestPerson.stranger(gate);
      String state = atProvider(start(no)).replaceAll(".*state=([^&]*).*", "$1");
      refused(back(no, "/api/auth/oidc/corp/callback?error=access_denied&state=" + state));
      TestPerson mixed = TestPerson.stranger(gate);
      refused(back(mixed, atProvider(start(mixed)) + "&iss=https%3A%2F%2Fevil.example"));
      assertThat(
              mixed
                  .send("GET", "/api/auth/oidc/corp/start?return=https://evil.example", "")
                  .statusCode())
          .isEqualTo(422);
    }
  }

  /// A browser on its way back is no program: JSON in its window helps nobody.
  @Test
  void a_person_whose_sign_in_fails_is_shown_a_page() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson ana = TestPerson.stranger(gate);
      HttpResponse<String> failed =
          ana.send(
              "GET",
              "/api/auth/oidc/corp/callback?error=access_denied&state=x",
              "",
              "accept",
              "text/html,*/*;q=0.8",
              "sec-fetch-site",
              "cross-site");
      assertThat(failed.statusCode()).isEqualTo(303);
      assertThat(failed.headers().firstValue("location").orElse(""))
          .matches("/console/sign-in-failed#req_[0-9a-f]+");
      assertThat(failed.headers().allValues("set-cookie")).isEmpty();
    }
  }

  @Test
  void edited_providers_and_passkey_settings_are_in_force_without_a_restart() throws Exception {
    String settings =
        """
        listen: { host: 127.0.0.1, port: 0 }
        metrics: { port: 0 }
        auth:
          related-origins: [%s]
          oidc: [{ id: %s, issuer: "%s", client-id: x, allow-private: true }]
        """;
    Path file = folder.resolve("gatewright.yaml");
    Files.writeString(file, settings.formatted("", "corp", issuer("corp")));
    try (Gatewright gate =
        Gatewright.start(
            ConfigSources.find(
                Map.of("config", file.toString(), "data", folder.resolve("data").toString()),
                Map.of()),
            time)) {
      assertThat(told(gate, "/api/auth/oidc")).contains("\"corp\"");
      assertThat(told(gate, "/.well-known/webauthn")).isEqualTo("{\"origins\":[]}");
      Files.writeString(
          file, settings.formatted("\"https://other.example\"", "renamed", issuer("corp")));
      assertThat(gate.reloadNow()).isTrue();
      assertThat(told(gate, "/api/auth/oidc")).contains("\"renamed\"").doesNotContain("\"corp\"");
      assertThat(told(gate, "/.well-known/webauthn")).contains("https://other.example");
      assertThat(told(gate, "/api/auth/oidc/corp/start")).contains("not_found");
      // A bad edit changes nothing.
      Files.writeString(file, settings.formatted("x", "third", issuer("corp")));
      assertThat(gate.reloadNow()).isFalse();
      assertThat(told(gate, "/api/auth/oidc")).contains("\"renamed\"");
    }
  }

  private static String told(Gatewright gate, String path) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(gate.url() + path)).build(), BodyHandlers.ofString())
        .body();
  }

  @Test
  void oidc_nonce_iss_aud_wrong() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson.owner(gate);
      says("a", verified("ana@example.com"));
      TestPerson ana = TestPerson.stranger(gate);
      String there = start(ana).toString().replaceAll("nonce=[^&]*", "nonce=another");
      refused(back(ana, atProvider(URI.create(there))));
      // The code of one sign-in in the place of another's.
      says("a", verified("ana@example.com"));
      String one = atProvider(start(ana));
      String code = one.replaceAll(".*code=([^&]*).*", "$1");
      refused(back(ana, atProvider(start(ana)).replaceAll("code=[^&]*", "code=" + code)));
      says("a", verified("ana@example.com", "iss", issuer("other")));
      refused(signIn(TestPerson.stranger(gate)));
      says("a", verified("ana@example.com", "aud", "somebody-else"));
      refused(signIn(TestPerson.stranger(gate)));
      says("a", verified("ana@example.com"));
      good(TestPerson.stranger(gate));
    }
  }

  @Test
  void oidc_unverified_email_never_links() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson owner = TestPerson.owner(gate);
      for (Object word : new Object[] {false, "true", 1}) {
        Map<String, Object> claims = verified(owner.email());
        claims.put("email_verified", word);
        says("evil", claims);
        refused(signIn(TestPerson.stranger(gate)));
      }
      says("evil", Map.of("email", owner.email()));
      refused(signIn(TestPerson.stranger(gate)));
      says("evil", verified("ana@elsewhere.example"));
      refused(signIn(TestPerson.stranger(gate)));
      says("boss", verified(owner.email()));
      TestPerson same = TestPerson.stranger(gate);
      good(same);
      assertThat(same.id()).isEqualTo(owner.id());
      // From now on it is the subject that counts, whatever address it has.
      says("boss", verified("renamed@elsewhere.example"));
      TestPerson renamed = TestPerson.stranger(gate);
      good(renamed);
      assertThat(renamed.id()).isEqualTo(owner.id());
    }
  }

  @Test
  void without_trust_an_identity_is_linked_by_who_is_signed_in_alone() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson owner = TestPerson.owner(gate);
      says("boss", verified(owner.email()));
      refused(signIn(TestPerson.stranger(gate)));
      says("new", verified("new@example.com"));
      refused(signIn(TestPerson.stranger(gate)));

      assertThat(
              owner.send("POST", "/api/auth/oidc/corp/link", "", "x-csrf-token", "").statusCode())
          .isEqualTo(403);
      String url = owner.call("POST", "/api/auth/oidc/corp/link", "", 200).path("url").asText();
      says("boss", Map.of());
      HttpResponse<String> linked = back(owner, atProvider(URI.create(url)));
      assertThat(linked.statusCode()).as(linked.body()).isEqualTo(303);
      says("boss", Map.of());
      TestPerson again = TestPerson.stranger(gate);
      good(again);
      assertThat(again.id()).isEqualTo(owner.id());
      passedMillis.addAndGet(Duration.ofMinutes(11).toMillis());
      assertThat(owner.send("POST", "/api/auth/oidc/corp/link", "").body())
          .contains("step_up_required");
    }
  }

  @Test
  void oidc_missing_groups_claim_keeps_roles() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson.owner(gate);
      says("a", verified("ana@example.com", "groups", List.of("devs", "ops")));
      TestPerson ana = TestPerson.stranger(gate);
      good(ana);
      assertThat(role(ana)).isEqualTo("admin");
      says("a", verified("ana@example.com", "_claim_names", Map.of("groups", "src1")));
      good(ana);
      assertThat(role(ana)).isEqualTo("admin");
      says("a", verified("ana@example.com", "groups", List.of("devs")));
      good(ana);
      assertThat(role(ana)).isEqualTo("developer");
      says("a", verified("ana@example.com", "groups", List.of()));
      good(ana);
      assertThat(role(ana)).isEmpty();
    }
  }

  private static String role(TestPerson person) throws Exception {
    return person.call("GET", "/api/auth/session", "", 200).at("/organizations/0/role").asText();
  }

  @Test
  void oidc_sync_spares_last_owner_and_manual_members() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson owner = TestPerson.owner(gate);
      TestPerson manual = TestPerson.member(gate, owner, "viewer");
      says("m", verified(manual.email(), "groups", List.of("bosses")));
      good(manual);
      assertThat(role(manual)).isEqualTo("viewer");
      says("boss", verified("boss@example.com", "groups", List.of("bosses")));
      TestPerson boss = TestPerson.stranger(gate);
      good(boss);
      assertThat(role(boss)).isEqualTo("owner");
      String own = "/api/team/members/" + owner.id();
      assertThat(owner.send("DELETE", own, "").statusCode()).isLessThan(300);
      says("boss", verified("boss@example.com", "groups", List.of()));
      good(boss);
      assertThat(role(boss)).isEqualTo("owner");
    }
  }

  @Test
  void oidc_fetch_obeys_address_check() throws Exception {
    try (Gate gate =
        LocalGate.start(
            GateSetup.in(folder)
                .settings(
                    """
                    auth:
                      oidc:
                        - { id: corp, issuer: "%s", client-id: x }
                        - { id: gone, issuer: "http://127.0.0.1:1", client-id: x, allow-private: true }
                    """
                        .formatted(issuer("corp"))),
            time)) {
      int before = idp.baseUrl().port();
      HttpResponse<String> answer =
          TestPerson.stranger(gate).send("GET", "/api/auth/oidc/corp/start", "");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).doesNotContain("127.0.0.1", String.valueOf(before));
      assertThat(
              TestPerson.stranger(gate).send("GET", "/api/auth/oidc/gone/start", "").statusCode())
          .isEqualTo(503);
    }
  }

  @Test
  void backchannel_logout_replay_ignored() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson.owner(gate);
      says("a", verified("ana@example.com", "sid", "s1"));
      TestPerson ana = TestPerson.stranger(gate);
      good(ana);
      says("a", verified("ana@example.com", "sid", "s2"));
      TestPerson second = TestPerson.stranger(gate);
      good(second);
      String token = logoutToken("a", "s1", List.of(CLIENT));
      assertThat(logout(gate, logoutToken("a", "s1", List.of("other"))).statusCode())
          .isEqualTo(400);
      assertThat(logout(gate, token.substring(0, token.length() - 4) + "AAAA").statusCode())
          .isEqualTo(400);
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(200);
      assertThat(logout(gate, token).statusCode()).isEqualTo(200);
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
      assertThat(second.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(200);

      // The same word again ends nobody who came back meanwhile under the same name.
      says("a", verified("ana@example.com", "sid", "s1"));
      good(ana);
      assertThat(logout(gate, token).statusCode()).isEqualTo(200);
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(200);
      String url = ana.call("POST", "/api/auth/oidc/sign-out", "", 200).path("url").asText();
      assertThat(url).startsWith(issuer("corp")).contains("post_logout_redirect_uri=");
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
      passedMillis.addAndGet(Duration.ofMinutes(11).toMillis());
      assertThat(logout(gate, token).statusCode()).isEqualTo(400);
      passedMillis.addAndGet(Duration.ofHours(12).toMillis());
      assertThat(second.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
    }
  }

  private static String logoutToken(String subject, String sid, List<String> audience) {
    Map<String, Object> claims =
        Map.of(
            "sid",
            sid,
            "events",
            Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    return idp.issueToken(
            "corp",
            CLIENT,
            new DefaultOAuth2TokenCallback("corp", subject, "JWT", audience, claims, 120))
        .serialize();
  }

  private static HttpResponse<String> logout(Gate gate, String token) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(gate.url().resolve("/api/auth/oidc/corp/logout"))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))
            .build(),
        BodyHandlers.ofString());
  }
}
