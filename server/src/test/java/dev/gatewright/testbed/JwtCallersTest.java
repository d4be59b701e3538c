package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers with a token of another issuer, against a real key set over HTTP.
class JwtCallersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "{\"model\":\"%s\",\"messages\":[]}";
  private static final String ANSWER =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}";

  private final AtomicLong passedMillis = new AtomicLong();
  private final AtomicInteger addresses = new AtomicInteger();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir Path folder;
  private FakeProvider provider;
  private FakeIssuer issuer;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    issuer = FakeIssuer.start();
  }

  @AfterEach
  void stop() throws IOException {
    issuer.close();
    provider.close();
  }

  private LocalGate gate(String more) throws IOException {
    return LocalGate.start(
        GateSetup.usual(folder, provider)
            .settings("trusted-proxies: [127.0.0.1]\n" + issuer.setting(more)),
        time);
  }

  private Instant now() {
    return Instant.now().plusMillis(passedMillis.get());
  }

  /// Each from an address of its own: what one guesses is not another's.
  private HttpResponse<String> send(
      Gate gate, String method, String path, String body, String token) throws Exception {
    int address = addresses.incrementAndGet();
    return TestPerson.stranger(gate)
        .send(
            method,
            path,
            body,
            "authorization",
            "Bearer " + token,
            "x-forwarded-for",
            "198.51.%d.%d".formatted(address >> 8 & 255, address & 255));
  }

  private int status(Gate gate, String token) throws Exception {
    return send(gate, "GET", "/status", "", token).statusCode();
  }

  @Test
  void a_token_calls_models_and_its_row_names_issuer_and_subject() throws Exception {
    try (LocalGate gate = gate("claims: { user: email }")) {
      String token =
          issuer.token(FakeIssuer.claims("ana|7", now()).claim("email", "ana@x.example").build());
      provider.next(Answers.json(200, ANSWER));
      HttpResponse<String> answer =
          send(gate, "POST", "/v1/chat/completions", CHAT.formatted("fast"), token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode status = JSON.readTree(send(gate, "GET", "/status", "", token).body());
      assertThat(status.path("kind").asText()).isEqualTo("jwt");
      assertThat(status.path("issuer").asText()).isEqualTo(FakeIssuer.ISSUER);
      assertThat(status.path("subject").asText()).isEqualTo("ana|7");
      assertThat(status.path("user").asText()).isEqualTo("ana@x.example");
      assertThat(issuer.fetches()).isEqualTo(1);
      Await.until(
          "the row is there",
          Duration.ofSeconds(20),
          () ->
              gate.admin().usage("by=key").findValuesAsText("key").stream()
                  .anyMatch(("jwt:" + FakeIssuer.ISSUER + "#ana|7")::equals));
    }
  }

  @Test
  void a_token_reaches_no_rest() throws Exception {
    try (LocalGate gate = gate("")) {
      String token = issuer.token("ana");
      for (String path : List.of("/api/keys", "/api/usage?by=key", "/api/tickets")) {
        assertThat(send(gate, "GET", path, "", token).statusCode()).as(path).isIn(403, 404, 405);
      }
      assertThat(send(gate, "POST", "/api/keys", "{\"name\":\"x\"}", token).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void rules_of_issuer_and_organization_hold() throws Exception {
    String rules = "rules: [{effect: deny, type: models, values: [claude]}]";
    try (LocalGate gate = gate(rules)) {
      String token = issuer.token("ana");
      HttpResponse<String> denied =
          send(gate, "POST", "/v1/chat/completions", CHAT.formatted("claude"), token);
      assertThat(denied.statusCode()).as(denied.body()).isEqualTo(403);
      assertThat(denied.body()).contains("claude");
      provider.next(Answers.json(200, ANSWER));
      assertThat(
              send(gate, "POST", "/v1/chat/completions", CHAT.formatted("fast"), token)
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void jwt_none_hs_jku_jwk_refused() throws Exception {
    try (LocalGate gate = gate("algorithms: [ES256, RS256]")) {
      JWTClaimsSet claims = FakeIssuer.claims("ana", now()).build();
      ECKey curve = issuer.curve();
      RSAKey rsa = issuer.rsa();
      assertThat(status(gate, issuer.token(claims))).isEqualTo(200);
      assertThat(status(gate, FakeIssuer.sign(header(JWSAlgorithm.RS256, "r1"), rsa, claims)))
          .isEqualTo(200);
      ECKey own = FakeIssuer.ec("e1");
      Map<String, String> forged = new LinkedHashMap<>();
      forged.put("none", new PlainJWT(claims).serialize());
      forged.put("none, with dots", new PlainJWT(claims).serialize() + "x");
      SignedJWT hmac = new SignedJWT(header(JWSAlgorithm.HS256, "r1").build(), claims);
      hmac.sign(new MACSigner(rsa.toRSAPublicKey().getEncoded()));
      forged.put("hs with the public key", hmac.serialize());
      forged.put("another key", FakeIssuer.sign(header(JWSAlgorithm.ES256, "e1"), own, claims));
      forged.put(
          "its own jwk",
          FakeIssuer.sign(header(JWSAlgorithm.ES256, "e1").jwk(own.toPublicJWK()), own, claims));
      forged.put(
          "its own jku",
          FakeIssuer.sign(
              header(JWSAlgorithm.ES256, "e1").jwkURL(URI.create("https://evil.example/keys")),
              own,
              claims));
      forged.put(
          "crit",
          FakeIssuer.sign(
              header(JWSAlgorithm.ES256, "e1").criticalParams(Set.of("exp")), curve, claims));
      forged.put(
          "typ",
          FakeIssuer.sign(
              header(JWSAlgorithm.ES256, "e1").type(new JOSEObjectType("logout+jwt")),
              curve,
              claims));
      forged.put(
          "no kid", FakeIssuer.sign(new JWSHeader.Builder(JWSAlgorithm.ES256), curve, claims));
      forged.put(
          "key of another kind", FakeIssuer.sign(header(JWSAlgorithm.RS256, "e1"), rsa, claims));
      forged.put(
          "algorithm off the list", FakeIssuer.sign(header(JWSAlgorithm.PS256, "r1"), rsa, claims));
      forged.put("cut", issuer.token(claims).replaceAll("\\.[^.]*$", "."));
      forged.put("two parts", issuer.token(claims).replaceAll("\\.[^.]*$", ""));
      forged.put("long", issuer.token(claims) + "A".repeat(9000));
      for (Map.Entry<String, String> each : forged.entrySet()) {
        HttpResponse<String> answer = send(gate, "GET", "/status", "", each.getValue());
        assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_api_key").doesNotContain("jwt");
      }
    }
  }

  @Test
  void claims_that_do_not_fit_are_401() throws Exception {
    try (LocalGate gate = gate("")) {
      Map<String, JWTClaimsSet> bad = new LinkedHashMap<>();
      bad.put("audience", FakeIssuer.claims("a", now()).audience("other").build());
      bad.put("no audience", FakeIssuer.claims("a", now()).audience((String) null).build());
      bad.put("issuer", FakeIssuer.claims("a", now()).issuer("https://idp.example/").build());
      bad.put("no expiry", FakeIssuer.claims("a", now()).expirationTime(null).build());
      bad.put("expired", FakeIssuer.claims("a", now()).expirationTime(date(-31)).build());
      bad.put("not yet", FakeIssuer.claims("a", now()).notBeforeTime(date(40)).build());
      bad.put("issued tomorrow", FakeIssuer.claims("a", now()).issueTime(date(86400)).build());
      bad.put("no subject", FakeIssuer.claims("a", now()).subject(null).build());
      bad.put("subject", FakeIssuer.claims("a\nb", now()).build());
      bad.put("long subject", FakeIssuer.claims("a".repeat(256), now()).build());
      for (Map.Entry<String, JWTClaimsSet> each : bad.entrySet()) {
        assertThat(status(gate, issuer.token(each.getValue()))).as(each.getKey()).isEqualTo(401);
      }
      // Clocks differ a little.
      assertThat(
              status(
                  gate,
                  issuer.token(FakeIssuer.claims("a", now()).expirationTime(date(-10)).build())))
          .isEqualTo(200);
    }
  }

  private Date date(int secondsFromNow) {
    return Date.from(now().plusSeconds(secondsFromNow));
  }

  private static JWSHeader.Builder header(JWSAlgorithm algorithm, String keyId) {
    return new JWSHeader.Builder(algorithm).keyID(keyId);
  }

  @Test
  void a_token_remembered_ends_when_it_says() throws Exception {
    try (LocalGate gate = gate("")) {
      String token = issuer.token(FakeIssuer.claims("a", now()).expirationTime(date(60)).build());
      assertThat(status(gate, token)).isEqualTo(200);
      passedMillis.addAndGet(Duration.ofSeconds(91).toMillis());
      assertThat(status(gate, token)).isEqualTo(401);
    }
  }

  @Test
  void a_claim_names_the_organization_only_where_it_is_one() throws Exception {
    try (LocalGate gate = gate("claims: { organization: org }")) {
      String here =
          JSON.readTree(send(gate, "GET", "/status", "", key(gate)).body())
              .path("organization_id")
              .asText();
      assertThat(status(gate, issuer.token(claim("org", here)))).isEqualTo(200);
      for (Object wrong : List.of("org_nobody", "", "prj_x", 7, List.of(here))) {
        assertThat(status(gate, issuer.token(claim("org", wrong)))).as("" + wrong).isEqualTo(401);
      }
      assertThat(status(gate, issuer.token("ana"))).isEqualTo(401);
    }
  }

  private JWTClaimsSet claim(String name, Object value) {
    return FakeIssuer.claims("a", now()).claim(name, value).build();
  }

  private static String key(Gate gate) throws Exception {
    return gate.admin().liveKey("k").key();
  }

  @Test
  void jwt_unknown_kid_flood_401_few_fetches() throws Exception {
    try (LocalGate gate = gate("")) {
      String good = issuer.token("ana");
      assertThat(status(gate, good)).isEqualTo(200);
      for (int i = 0; i < 50; i++) {
        String token =
            FakeIssuer.sign(
                header(JWSAlgorithm.ES256, "k" + i),
                issuer.curve(),
                FakeIssuer.claims("a", now()).build());
        assertThat(status(gate, token)).isEqualTo(401);
      }
      assertThat(issuer.fetches()).isLessThanOrEqualTo(2);
      assertThat(status(gate, good)).isEqualTo(200);
    }
  }

  @Test
  void jwks_rotation_and_outage() throws Exception {
    try (LocalGate gate = gate("")) {
      assertThat(status(gate, issuer.token("ana"))).isEqualTo(200);
      ECKey next = FakeIssuer.ec("e2");
      issuer.publish(next);
      passedMillis.addAndGet(Duration.ofSeconds(31).toMillis());
      assertThat(status(gate, signed(next))).isEqualTo(200);

      issuer.withdraw(issuer.curve());
      pass(gate, Duration.ofMinutes(6));
      assertThat(status(gate, issuer.token(FakeIssuer.claims("b", now()).build()))).isEqualTo(401);

      issuer.away(true);
      pass(gate, Duration.ofHours(3));
      assertThat(status(gate, signed(next))).isEqualTo(200);
      pass(gate, Duration.ofHours(2));
      assertThat(status(gate, signed(next))).isEqualTo(503);
      issuer.away(false);
      pass(gate, Duration.ofMinutes(1));
      assertThat(status(gate, signed(next))).isEqualTo(200);
    }
  }

  /// Until the gate has heard from its store in the new time: before that nobody is let in.
  private void pass(Gate gate, Duration duration) throws Exception {
    String key = key(gate);
    passedMillis.addAndGet(duration.toMillis());
    Await.until("news are new", Duration.ofSeconds(20), () -> status(gate, key) == 200);
  }

  private String signed(ECKey key) {
    return FakeIssuer.sign(
        header(JWSAlgorithm.ES256, key.getKeyID()),
        key,
        FakeIssuer.claims("s" + addresses.incrementAndGet(), now()).build());
  }

  @Test
  void guesses_from_one_address_are_counted() throws Exception {
    try (LocalGate gate = gate("")) {
      TestPerson one = TestPerson.stranger(gate);
      String good = issuer.token("ana");
      assertThat(status(gate, good)).isEqualTo(200);
      int last = 0;
      for (int i = 0; i < 60 && last != 429; i++) {
        last = one.send("GET", "/status", "", "authorization", "Bearer eyJ.a.b" + i).statusCode();
      }
      assertThat(last).isEqualTo(429);
      assertThat(one.send("GET", "/status", "", "authorization", "Bearer " + good).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void jwt_without_configured_audience_stops_start() {
    for (String[] each :
        new String[][] {
          {"{issuer: https://i.example, jwks: https://i.example/keys}", "audience"},
          {"{issuer: https://i.example, jwks: http://i.example/keys, audience: a}", "jwks"},
          {
            "{issuer: https://i.example, jwks: https://i.example/k, audience: a, algorithms: HS256}",
            "algorithms: HS256"
          },
          {
            "{issuer: https://i.example, jwks: https://i.example/k, audience: a, algorithms: none}",
            "algorithms: none"
          },
          {
            "{issuer: https://i.example, jwks: https://i.example/k, audience: a, organization: x}",
            "organization: x"
          },
        }) {
      assertThatThrownBy(() ->
              LocalGate.start(GateSetup.in(folder).settings("auth: { jwt: [" + each[0] + "] }")))
          .as(each[0])
          .isInstanceOf(InvalidSetting.class)
          .hasMessageContaining(each[1]);
    }
  }
}
