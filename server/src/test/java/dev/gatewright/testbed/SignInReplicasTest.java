package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two replicas on one PostgreSQL, behind one name: what is begun on one goes on at the other, and
/// what counts once counts once, however often it comes to either at the same moment.
class SignInReplicasTest {
  private static final int AT_ONCE = 8;
  private static final String[] SITE = {
    "x-forwarded-host", "gate.example", "x-forwarded-proto", "https"
  };
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final MockOAuth2Server idp =
      new MockOAuth2Server(
          new OAuth2Config(
              false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));

  @TempDir private Path folder;
  private ChildGate one;
  private ChildGate two;
  private TestPerson owner;

  @BeforeEach
  void start() throws Exception {
    idp.start(InetAddress.getLoopbackAddress(), 0);
    PostgresAddress database = TestPostgres.freshDatabase();
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    String masterKey = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    one = replica("one", database, masterKey);
    two = replica("two", database, masterKey);
    TestPerson.owner(one);
    owner = TestPerson.signInAt(one, "owner@example.com", SITE);
  }

  @AfterEach
  void stop() throws Exception {
    two.close();
    one.close();
    idp.shutdown();
  }

  private ChildGate replica(String name, PostgresAddress database, String masterKey)
      throws Exception {
    Secret password = database.password();
    String address =
        "postgresql://postgres:%s@%s/%s"
            .formatted(
                password == null ? "" : password.expose(), database.hosts(), database.database());
    return ChildGate.start(
        GateSetup.in(Files.createDirectories(folder.resolve(name)))
            .settings(
                """
                trusted-proxies: [127.0.0.1]
                public-url: https://gate.example
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
            .environment("DATABASE_URL", address)
            .environment("GATEWRIGHT_MASTER_KEY", masterKey));
  }

  private Gate either(int i) {
    return i % 2 == 0 ? one : two;
  }

  /// The same at the same moment, from the same browser, half of them at each replica.
  private List<HttpResponse<String>> race(
      TestPerson browser, String method, String path, String body) throws Exception {
    CyclicBarrier together = new CyclicBarrier(AT_ONCE);
    List<Callable<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      TestPerson there = browser.at(either(i));
      all.add(() -> {
        together.await();
        return there.send(method, path, body, SITE);
      });
    }
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<HttpResponse<String>> each : threads.invokeAll(all)) {
        answers.add(each.get());
      }
    }
    return answers;
  }

  private static void wonOnce(List<HttpResponse<String>> answers, int won, int lost) {
    assertThat(answers.stream().filter(each -> each.statusCode() == won)).hasSize(1);
    assertThat(answers)
        .allSatisfy(each -> assertThat(each.statusCode()).as(each.body()).isIn(won, lost, 429));
  }

  private long sessions() throws Exception {
    return owner.call("GET", "/api/auth/sessions", "", 200, SITE).path("data").size();
  }

  @Test
  void a_code_asked_for_on_one_replica_signs_in_once_on_either() throws Exception {
    String email = "{\"email\":\"owner@example.com\"}";
    TestPerson browser = TestPerson.stranger(one);
    browser.call("POST", "/api/auth/code", email, 202, SITE);
    String code =
        two.admin().call("POST", "/api/auth/login-code", email, 200).path("code").asText();
    long before = sessions();
    wonOnce(
        race(
            browser,
            "POST",
            "/api/auth/session",
            "{\"email\":\"owner@example.com\",\"code\":\"%s\"}".formatted(code)),
        201,
        401);
    assertThat(sessions()).isEqualTo(before + 1);
  }

  @Test
  void a_pairing_begun_on_one_and_approved_on_the_other_gives_one_key() throws Exception {
    TestPerson program = TestPerson.stranger(one);
    JsonNode begun = program.call("POST", "/api/auth/pairings", "{\"host\":\"laptop\"}", 201, SITE);
    String typed = "{\"user_code\":\"%s\"}".formatted(begun.path("user_code").asText());
    wonOnce(race(owner, "POST", "/api/auth/pairings/approve", typed), 200, 404);
    String device = "{\"device_code\":\"%s\"}".formatted(begun.path("device_code").asText());
    List<HttpResponse<String>> polled = race(program, "POST", "/api/auth/pairings/token", device);
    wonOnce(polled, 200, 400);
    assertThat(one.admin().send("GET", "/api/keys", "").body().split("command line on laptop", -1))
        .hasSize(2);
  }

  @Test
  void a_sign_in_by_a_provider_goes_on_at_the_other_and_counts_once() throws Exception {
    long before = sessions();
    Map<String, Object> claims = new HashMap<>();
    claims.put("email", "owner@example.com");
    claims.put("email_verified", true);
    idp.enqueueCallback(
        new DefaultOAuth2TokenCallback("corp", "boss", "JWT", List.of("gate"), claims, 600));
    TestPerson browser = TestPerson.stranger(one);
    HttpResponse<String> sent = browser.send("GET", "/api/auth/oidc/corp/start", "", SITE);
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
    URI there = URI.create(sent.headers().firstValue("location").orElseThrow());
    HttpResponse<String> back =
        HTTP.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString());
    URI to = URI.create(back.headers().firstValue("location").orElseThrow());
    assertThat(to.getHost()).isEqualTo("gate.example");
    // The other replica has never seen this browser.
    wonOnce(race(browser, "GET", to.getRawPath() + "?" + to.getRawQuery(), ""), 303, 401);
    assertThat(sessions()).isEqualTo(before + 1);
  }

  @Test
  void a_passkeys_challenge_of_one_replica_is_answered_once_at_either() throws Exception {
    String base = "/api/auth/passkeys";
    SoftPasskey passkey = new SoftPasskey();
    JsonNode options = owner.call("POST", base + "/options", "", 200, SITE);
    ObjectNode made = passkey.create(options, "https://gate.example");
    owner.at(two).call("POST", base, wrapped(made), 201, SITE);

    TestPerson browser = TestPerson.stranger(one);
    JsonNode asked = browser.call("POST", base + "/sign-in/options", "", 200, SITE);
    String answer = wrapped(passkey.get(asked, "https://gate.example"));
    long before = sessions();
    wonOnce(race(browser, "POST", base + "/sign-in", answer), 201, 401);
    assertThat(sessions()).isEqualTo(before + 1);
  }

  private static String wrapped(ObjectNode credential) {
    ObjectNode body = TestPerson.JSON.createObjectNode();
    body.set("credential", credential);
    return body.toString();
  }
}
