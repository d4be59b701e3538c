package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.telemetry.Time;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A command line elsewhere is signed in by whoever approves it (RFC 8628).
class PairingTest {
  private final AtomicLong passedMillis = new AtomicLong();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir private Path folder;
  private Gate gate;
  private TestPerson owner;
  private TestPerson program;

  @BeforeEach
  void start() throws Exception {
    gate =
        LocalGate.start(
            GateSetup.in(folder)
                .settings("trusted-proxies: [127.0.0.1]\npublic-url: https://gate.example.com\n"),
            time);
    owner = TestPerson.owner(gate);
    program = TestPerson.stranger(gate);
  }

  @AfterEach
  void stop() {
    gate.close();
  }

  private JsonNode begin() throws Exception {
    return program.call("POST", "/api/auth/pairings", "{\"host\":\"lap<top\"}", 201);
  }

  private HttpResponse<String> poll(JsonNode begun) throws Exception {
    return program.send(
        "POST",
        "/api/auth/pairings/token",
        "{\"device_code\":\"%s\"}".formatted(begun.path("device_code").asText()));
  }

  private String pollError(JsonNode begun) throws Exception {
    HttpResponse<String> answer = poll(begun);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return TestPerson.JSON.readTree(answer.body()).at("/error/code").asText();
  }

  private void pass(Duration duration) {
    passedMillis.addAndGet(duration.toMillis());
  }

  private static String code(JsonNode begun) {
    return "{\"user_code\":\"%s\"}".formatted(begun.path("user_code").asText());
  }

  @Test
  void approved_by_a_person_it_gets_that_persons_admin_key_once() throws Exception {
    JsonNode begun = begin();
    String shown = begun.path("user_code").asText();
    assertThat(shown).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
    assertThat(begun.path("url").asText())
        .isEqualTo("https://gate.example.com/console/pair#" + shown);
    pass(Duration.ofSeconds(begun.path("interval").asLong()));
    assertThat(pollError(begun)).isEqualTo("authorization_pending");
    String typed =
        "{\"user_code\":\" %s\"}".formatted(shown.replace("-", "").toLowerCase(Locale.ROOT));
    JsonNode seen = owner.call("POST", "/api/auth/pairings/show", typed, 200);
    assertThat(seen.path("host").asText()).isEqualTo("laptop");
    owner.call("POST", "/api/auth/pairings/approve", typed, 200);

    HttpResponse<String> answer = poll(begun);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    JsonNode made = TestPerson.JSON.readTree(answer.body());
    String key = made.path("key").asText();
    assertThat(key).startsWith("gw_admin_");
    assertThat(made.path("email").asText()).isEqualTo(owner.email());
    assertThat(Instant.parse(made.path("expires_at").asText()))
        .isBetween(
            time.instant().plus(Duration.ofDays(90)).minusSeconds(30),
            time.instant().plus(Duration.ofDays(90)));
    JsonNode listed = owner.call("GET", "/api/keys/" + made.path("id").asText(), "", 200);
    assertThat(listed.path("name").asText()).isEqualTo("command line on laptop");
    assertThat(listed.path("owner").asText()).isEqualTo(owner.id());
    JsonNode who =
        program.call("GET", "/api/auth/whoami", "", 200, "authorization", "Bearer " + key);
    assertThat(who.path("kind").asText()).isEqualTo("key");
    assertThat(who.path("email").asText()).isEqualTo(owner.email());
    assertThat(owner.call("GET", "/api/auth/whoami", "", 200).path("id").asText())
        .isEqualTo(owner.id());

    pass(Duration.ofMinutes(1));
    assertThat(pollError(begun)).isEqualTo("expired_token");
    String chain = gate.admin().send("GET", "/api/audit?action=pairing.approve", "").body();
    assertThat(chain).contains("laptop").contains(owner.id()).doesNotContain(key);
  }

  @Test
  void of_many_questions_at_once_one_gets_the_key() throws Exception {
    JsonNode begun = begin();
    owner.call("POST", "/api/auth/pairings/approve", code(begun), 200);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> poll(begun).statusCode()));
      }
      int good = 0;
      for (Future<Integer> each : all) {
        good += each.get() == 200 ? 1 : 0;
      }
      assertThat(good).isEqualTo(1);
    }
  }

  @Test
  void who_asks_too_often_is_slowed_down_and_who_is_too_late_gets_nothing() throws Exception {
    JsonNode begun = begin();
    assertThat(pollError(begun)).isEqualTo("slow_down");
    pass(Duration.ofSeconds(3));
    assertThat(pollError(begun)).isEqualTo("slow_down");
    pass(Duration.ofSeconds(30));
    assertThat(pollError(begun)).isEqualTo("authorization_pending");
    owner.call("POST", "/api/auth/pairings/approve", code(begun), 200);
    assertThat(owner.send("POST", "/api/auth/pairings/deny", code(begun)).statusCode())
        .isEqualTo(404);
    pass(Duration.ofMinutes(10));
    assertThat(pollError(begun)).isEqualTo("expired_token");
  }

  @Test
  void denied_it_gets_nothing() throws Exception {
    JsonNode begun = begin();
    assertThat(owner.send("POST", "/api/auth/pairings/deny", code(begun)).statusCode())
        .isEqualTo(204);
    assertThat(pollError(begun)).isEqualTo("access_denied");
    assertThat(owner.send("POST", "/api/auth/pairings/approve", code(begun)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void approving_needs_a_page_of_ours_a_fresh_proof_and_a_role_that_has_admin_keys()
      throws Exception {
    JsonNode begun = begin();
    String approve = "/api/auth/pairings/approve";
    assertThat(owner.send("POST", approve, code(begun), "x-csrf-token", "").statusCode())
        .isEqualTo(403);
    assertThat(
            owner.send("POST", approve, code(begun), "sec-fetch-site", "cross-site").statusCode())
        .isEqualTo(403);
    TestPerson developer = TestPerson.member(gate, owner, "developer");
    HttpResponse<String> refused = developer.send("POST", approve, code(begun));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("owner and admin", "developer");
    TestPerson admin = TestPerson.member(gate, owner, "admin");
    assertThat(
            admin
                .send(
                    "POST",
                    approve,
                    "{\"user_code\":\"%s\",\"organization_id\":\"org_other\"}"
                        .formatted(begun.path("user_code").asText()))
                .statusCode())
        .isEqualTo(404);
    pass(Duration.ofMinutes(9).plusSeconds(50));
    JsonNode late = begin();
    pass(Duration.ofSeconds(30));
    assertThat(admin.send("POST", approve, code(late)).body()).contains("step_up_required");
    admin.stepUp(gate);
    admin.call("POST", approve, code(late), 200);
    // What the role allows counts when the key is made, not when it was approved.
    owner.stepUp(gate);
    owner.call("PATCH", "/api/team/members/" + admin.id(), "{\"role\":\"viewer\"}", 200);
    assertThat(pollError(late)).isEqualTo("access_denied");
  }

  @Test
  void a_key_ends_with_its_persons_membership() throws Exception {
    TestPerson admin = TestPerson.member(gate, owner, "admin");
    JsonNode begun = begin();
    admin.call("POST", "/api/auth/pairings/approve", code(begun), 200);
    String key = TestPerson.JSON.readTree(poll(begun).body()).path("key").asText();
    program.call("GET", "/api/keys", "", 200, "authorization", "Bearer " + key);
    assertThat(owner.send("DELETE", "/api/team/members/" + admin.id(), "").statusCode())
        .isLessThan(300);
    Await.until(
        "the key is dead",
        Duration.ofSeconds(10),
        () ->
            program.send("GET", "/api/keys", "", "authorization", "Bearer " + key).statusCode()
                == 401);
  }

  @Test
  void guesses_and_those_who_wait_are_bounded() throws Exception {
    JsonNode begun = begin();
    int tried = 0;
    int status = 404;
    while (status == 404) {
      status =
          owner
              .send("POST", "/api/auth/pairings/show", "{\"user_code\":\"BBBB-BBBB\"}")
              .statusCode();
      tried++;
    }
    assertThat(status).isEqualTo(429);
    assertThat(tried).isEqualTo(11);
    assertThat(owner.send("POST", "/api/auth/pairings/show", code(begun)).statusCode())
        .isEqualTo(429);
    int made = 1;
    while (program.send("POST", "/api/auth/pairings", "").statusCode() == 201) {
      made++;
    }
    assertThat(made).isEqualTo(20);
    assertThat(TestPerson.stranger(gate).send("POST", "/api/auth/pairings", "").statusCode())
        .isEqualTo(201);
    int unknown = 0;
    HttpResponse<String> answer = poll(TestPerson.JSON.readTree("{\"device_code\":\"x\"}"));
    while (answer.statusCode() == 400 && unknown < 200) {
      unknown++;
      answer = poll(TestPerson.JSON.readTree("{\"device_code\":\"x\"}"));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
  }
}
