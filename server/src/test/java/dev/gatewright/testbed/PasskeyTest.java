package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.telemetry.Time;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passkeys, by an authenticator of the test's own; not tried in a browser yet.
class PasskeyTest {
  private static final String BASE = "/api/auth/passkeys";
  private static final String SETTINGS = "trusted-proxies: [127.0.0.1]\n";

  private final AtomicLong passedMillis = new AtomicLong();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir private Path folder;

  private Gate gate(String more) throws Exception {
    return LocalGate.start(GateSetup.in(folder).settings(SETTINGS + more), time);
  }

  private static TestPerson owner(Gate gate) throws Exception {
    // An address can have no passkey: the browser is at localhost.
    return TestPerson.owner(gate).atLocalhost();
  }

  private static TestPerson stranger(Gate gate) {
    return TestPerson.stranger(gate).atLocalhost();
  }

  private static String origin(Gate gate) {
    return "http://localhost:" + gate.port();
  }

  private static HttpResponse<String> post(TestPerson who, String path, String body)
      throws Exception {
    return who.send("POST", path, body);
  }

  private static JsonNode call(TestPerson who, String path, String body, int expected)
      throws Exception {
    HttpResponse<String> answer = post(who, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    return TestPerson.JSON.readTree(answer.body());
  }

  private static String wrapped(ObjectNode credential) {
    ObjectNode body = TestPerson.JSON.createObjectNode();
    body.set("credential", credential);
    return body.toString();
  }

  private static JsonNode add(Gate gate, TestPerson who, SoftPasskey passkey) throws Exception {
    JsonNode options = call(who, BASE + "/options", "", 200);
    return call(who, BASE, wrapped(passkey.create(options, origin(gate))), 201);
  }

  private static ObjectNode answer(Gate gate, TestPerson who, SoftPasskey passkey)
      throws Exception {
    JsonNode options = call(who, BASE + "/sign-in/options", "", 200);
    assertThat(options.path("allowCredentials").isEmpty()).isTrue();
    assertThat(options.path("userVerification").asText()).isEqualTo("required");
    return passkey.get(options, origin(gate));
  }

  private static HttpResponse<String> signIn(Gate gate, TestPerson who, SoftPasskey passkey)
      throws Exception {
    return post(who, BASE + "/sign-in", wrapped(answer(gate, who, passkey)));
  }

  @Test
  void passkey_challenge_single_use() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson owner = owner(gate);
      SoftPasskey passkey = new SoftPasskey();
      JsonNode made = add(gate, owner, passkey);
      assertThat(made.path("rp_id").asText()).isEqualTo("localhost");
      TestPerson browser = stranger(gate);
      ObjectNode good = answer(gate, browser, passkey);
      assertThat(post(stranger(gate), BASE + "/sign-in", wrapped(good)).statusCode())
          .isEqualTo(401);
      HttpResponse<String> done = post(browser, BASE + "/sign-in", wrapped(good));
      assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
      assertThat(TestPerson.JSON.readTree(done.body()).at("/person/id").asText())
          .isEqualTo(owner.id());
      assertThat(post(browser, BASE + "/sign-in", wrapped(good)).statusCode()).isEqualTo(401);
      // A challenge of one purpose is none of another; five minutes are its life.
      JsonNode other = call(owner, BASE + "/step-up/options", "", 200);
      assertThat(
              post(owner, BASE + "/sign-in", wrapped(passkey.get(other, origin(gate))))
                  .statusCode())
          .isEqualTo(401);
      ObjectNode late = answer(gate, browser, passkey);
      passedMillis.addAndGet(Duration.ofMinutes(5).toMillis());
      assertThat(post(browser, BASE + "/sign-in", wrapped(late)).statusCode()).isEqualTo(401);
      // A foreign user handle, a foreign key under a known name.
      ObjectNode handle = answer(gate, browser, passkey);
      ((ObjectNode) handle.path("response")).put("userHandle", "AAAA");
      assertThat(post(browser, BASE + "/sign-in", wrapped(handle)).statusCode()).isEqualTo(401);
      ObjectNode forged = answer(gate, browser, new SoftPasskey());
      forged.put("id", good.path("id").asText()).put("rawId", good.path("id").asText());
      assertThat(post(browser, BASE + "/sign-in", wrapped(forged)).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void passkey_uv_missing_refused() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson owner = owner(gate);
      SoftPasskey passkey = new SoftPasskey();
      passkey.verified = false;
      JsonNode options = call(owner, BASE + "/options", "", 200);
      assertThat(post(owner, BASE, wrapped(passkey.create(options, origin(gate)))).statusCode())
          .isEqualTo(401);
      passkey.verified = true;
      add(gate, owner, passkey);
      passkey.verified = false;
      assertThat(signIn(gate, stranger(gate), passkey).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void passkey_counter_back_marks_suspect_synced_passes() throws Exception {
    try (Gate gate = gate("")) {
      TestPerson owner = owner(gate);
      SoftPasskey passkey = new SoftPasskey();
      passkey.counter = 10;
      add(gate, owner, passkey);
      SoftPasskey synced = new SoftPasskey();
      synced.synced = true;
      synced.counter = 10;
      add(gate, owner, synced);
      synced.counter = 1;
      assertThat(signIn(gate, stranger(gate), synced).statusCode()).isEqualTo(201);

      passkey.counter = 3;
      TestPerson browser = stranger(gate);
      HttpResponse<String> fell = signIn(gate, browser, passkey);
      assertThat(fell.statusCode()).isEqualTo(401);
      assertThat(fell.body()).contains("code_required");
      assertThat(owner.send("GET", BASE, "").body()).contains("\"suspect\":true");
      // It locks nobody out: with a mailed code it signs in, and is good again.
      String code = browser.askCode(gate, owner.email());
      ObjectNode body = TestPerson.JSON.createObjectNode().put("code", code);
      body.set("credential", answer(gate, browser, passkey));
      call(browser, BASE + "/sign-in", body.toString(), 201);
      passkey.counter = 20;
      assertThat(signIn(gate, stranger(gate), passkey).statusCode()).isEqualTo(201);
      assertThat(gate.admin().send("GET", "/api/audit?action=passkey.suspect", "").body())
          .contains(owner.id());
    }
  }

  @Test
  void passkey_other_origin_and_rp_refused() throws Exception {
    try (Gate gate = gate("auth: { related-origins: [\"https://other.example\"] }\n")) {
      TestPerson owner = owner(gate);
      SoftPasskey passkey = new SoftPasskey();
      add(gate, owner, passkey);
      TestPerson browser = stranger(gate);
      for (String origin :
          new String[] {"https://evil.example", "http://localhost:1", "https://localhost"}) {
        JsonNode options = call(browser, BASE + "/sign-in/options", "", 200);
        assertThat(
                post(browser, BASE + "/sign-in", wrapped(passkey.get(options, origin)))
                    .statusCode())
            .as(origin)
            .isEqualTo(401);
      }
      ObjectNode options = (ObjectNode) call(browser, BASE + "/sign-in/options", "", 200);
      options.put("rpId", "evil.example");
      assertThat(
              post(browser, BASE + "/sign-in", wrapped(passkey.get(options, origin(gate))))
                  .statusCode())
          .isEqualTo(401);
      // An address can have no passkey.
      assertThat(TestPerson.stranger(gate).send("POST", BASE + "/sign-in/options", "").statusCode())
          .isEqualTo(409);
      assertThat(TestPerson.stranger(gate).send("GET", "/.well-known/webauthn", "").body())
          .isEqualTo("{\"origins\":[\"https://other.example\"]}");
    }
  }

  @Test
  void mailed_code_cannot_add_passkey_where_required() throws Exception {
    try (Gate gate = gate("auth: { passkey-required: true }\n")) {
      TestPerson owner = owner(gate);
      SoftPasskey first = new SoftPasskey();
      add(gate, owner, first);
      // Who has a passkey signs in by nothing else.
      TestPerson thief = stranger(gate);
      String code = thief.askCode(gate, owner.email());
      assertThat(
              post(
                      thief,
                      "/api/auth/session",
                      "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(owner.email(), code))
                  .statusCode())
          .isEqualTo(401);
      passedMillis.addAndGet(Duration.ofMinutes(11).toMillis());
      assertThat(post(owner, BASE + "/options", "").body()).contains("step_up_required");
      String own = owner.askCode(gate, owner.email());
      assertThat(post(owner, "/api/auth/step-up", "{\"code\":\"%s\"}".formatted(own)).statusCode())
          .isEqualTo(401);
      JsonNode options = call(owner, BASE + "/step-up/options", "", 200);
      call(owner, BASE + "/step-up", wrapped(first.get(options, origin(gate))), 200);
      add(gate, owner, new SoftPasskey());

      gate.admin()
          .call("POST", BASE + "/reset", "{\"email\":\"%s\"}".formatted(owner.email()), 200);
      assertThat(signIn(gate, stranger(gate), first).statusCode()).isEqualTo(401);
      TestPerson again = stranger(gate);
      String fresh = again.askCode(gate, owner.email());
      again.begun(
          post(
              again,
              "/api/auth/session",
              "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(owner.email(), fresh)),
          201);
      assertThat(post(again, BASE + "/options", "").statusCode()).isEqualTo(200);
      passedMillis.addAndGet(Duration.ofHours(25).toMillis());
      TestPerson late = stranger(gate);
      String old = late.askCode(gate, owner.email());
      late.begun(
          post(
              late,
              "/api/auth/session",
              "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(owner.email(), old)),
          201);
      HttpResponse<String> refused = post(late, BASE + "/options", "");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("passkey_required");
    }
  }
}
