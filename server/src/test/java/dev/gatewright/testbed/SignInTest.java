package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signing in by code, as a browser does it.
class SignInTest {
  private static final String CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final String TRUSTED = "trusted-proxies: [127.0.0.1]\n";
  private static final String OPEN = TRUSTED + "sign-up: open\n";

  private final AtomicLong passedMillis = new AtomicLong();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir Path folder;

  private Gate gate(String settings) throws IOException {
    return LocalGate.start(GateSetup.in(folder).settings(settings), time);
  }

  private void pass(Duration duration) {
    passedMillis.addAndGet(duration.toMillis());
  }

  private static HttpResponse<String> enter(
      TestPerson person, String email, String code, String... headers) throws Exception {
    return person.send(
        "POST",
        "/api/auth/session",
        "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(email, code),
        headers);
  }

  @Test
  void a_code_signs_in_where_it_was_asked_for() throws Exception {
    try (Gate gate = gate(OPEN)) {
      TestPerson ana = TestPerson.stranger(gate);
      String code = ana.askCode(gate, "ana@example.com");
      HttpResponse<String> wrong = enter(ana, "ana@example.com", "00000000");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.body()).contains("\"code\":\"invalid_code\"");
      HttpResponse<String> done = enter(ana, "Ana@example.com", code);
      assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
      assertThat(done.headers().allValues("set-cookie"))
          .hasSize(3)
          .allMatch(cookie -> cookie.contains("; HttpOnly; SameSite="));
      ana.begun(done, 201);
      assertThat(ana.cookies().keySet()).containsExactlyInAnyOrder("gw_" + gate.port(), "gw_known");
      JsonNode session = ana.call("GET", "/api/auth/session", "", 200);
      assertThat(session.path("operator").asBoolean()).isFalse();
      assertThat(session.path("organizations").isEmpty()).isTrue();
      assertThat(enter(ana, "ana@example.com", code).statusCode()).isEqualTo(401);
      assertThat(ana.send("DELETE", "/api/auth/session", "").statusCode()).isEqualTo(204);
      assertThat(ana.cookies().keySet()).containsExactly("gw_known");
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void every_failure_has_the_same_body() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson owner = TestPerson.owner(gate);
      TestPerson known = TestPerson.stranger(gate);
      TestPerson unknown = TestPerson.stranger(gate);
      HttpResponse<String> one =
          known.send("POST", "/api/auth/code", "{\"email\":\"" + owner.email() + "\"}");
      HttpResponse<String> other =
          unknown.send("POST", "/api/auth/code", "{\"email\":\"nobody@example.com\"}");
      assertThat(one.statusCode()).isEqualTo(other.statusCode()).isEqualTo(202);
      assertThat(one.body()).isEqualTo(other.body());
      assertThat(one.headers().map().keySet()).isEqualTo(other.headers().map().keySet());
      List<HttpResponse<String>> failures =
          List.of(
              enter(known, owner.email(), "00000000"),
              enter(unknown, "nobody@example.com", "00000000"),
              enter(known, "not an address", "x"),
              enter(TestPerson.stranger(gate), owner.email(), "00000000"));
      assertThat(failures.stream().map(SignInTest::withoutId).distinct()).hasSize(1);
      assertThat(failures).allMatch(answer -> answer.statusCode() == 401);
    }
  }

  private static String withoutId(HttpResponse<String> answer) {
    return answer.body().replaceAll("req_[0-9a-f]{32}", "req");
  }

  @Test
  void asking_and_entering_need_a_page_of_the_gate() throws Exception {
    try (Gate gate = gate(OPEN)) {
      TestPerson ana = TestPerson.stranger(gate);
      String here = "http://127.0.0.1:" + gate.port();
      String body = "{\"email\":\"ana@example.com\"}";
      for (String[] page :
          new String[][] {
            {"sec-fetch-site", ""},
            {"sec-fetch-site", "same-site"},
            {"sec-fetch-site", "", "origin", "null"},
            {"sec-fetch-site", "", "origin", "http://127.0.0.1"},
          }) {
        assertThat(ana.send("POST", "/api/auth/code", body, page).statusCode())
            .as(Arrays.toString(page))
            .isEqualTo(403);
        assertThat(enter(ana, "ana@example.com", "00000000", page).statusCode()).isEqualTo(403);
      }
      assertThat(
              ana.send("POST", "/api/auth/code", body, "sec-fetch-site", "", "origin", here)
                  .statusCode())
          .isEqualTo(202);
      assertThat(ana.send("POST", "/api/auth/code", body, "x-forwarded-for", "203.0.113.9").body())
          .contains("insecure_transport");
      for (String email : List.of("a@x.t\\r\\nBcc: b@x.t", "Ana <a@x.t>", "a@x.t (c)", "a@x")) {
        assertThat(ana.send("POST", "/api/auth/code", "{\"email\":\"" + email + "\"}").statusCode())
            .isEqualTo(422);
      }
    }
  }

  @Test
  void session_id_changes_at_sign_in_and_step_up() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson owner = TestPerson.owner(gate);
      String name = "gw_" + gate.port();
      String first = owner.cookies().get(name);
      String actAs =
          "{\"organization_id\":\"%s\",\"reason\":\"look\"}".formatted(owner.organizationId());
      pass(Duration.ofMinutes(11));
      HttpResponse<String> old = owner.send("POST", "/api/platform/act-as", actAs);
      assertThat(old.statusCode()).isEqualTo(403);
      assertThat(old.body()).contains("step_up_required");
      assertThat(owner.send("POST", "/api/auth/step-up", "{\"code\":\"00000000\"}").statusCode())
          .isEqualTo(401);
      owner.stepUp(gate);
      String second = owner.cookies().get(name);
      assertThat(second).isNotEqualTo(first);
      // For half a minute the old token is the session still, but no proof.
      String cookie = name + "=" + first;
      assertThat(owner.send("GET", "/api/auth/session", "", "cookie", cookie).statusCode())
          .isEqualTo(200);
      assertThat(owner.send("POST", "/api/platform/act-as", actAs, "cookie", cookie).body())
          .contains("step_up_required");
      pass(Duration.ofSeconds(31));
      assertThat(owner.send("GET", "/api/auth/session", "", "cookie", cookie).statusCode())
          .isEqualTo(401);
      assertThat(owner.send("POST", "/api/platform/act-as", actAs).statusCode()).isEqualTo(201);

      // What a stranger put into the browser is not what it has after signing in.
      TestPerson victim = TestPerson.stranger(gate);
      String planted = "A".repeat(43);
      victim.cookies().put(name, planted);
      String code = victim.askCode(gate, owner.email());
      victim.begun(enter(victim, owner.email(), code), 201);
      assertThat(victim.cookies().get(name)).isNotEqualTo(planted);
      assertThat(
              owner
                  .send("GET", "/api/auth/session", "", "cookie", name + "=" + planted)
                  .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void a_token_is_renewed_each_day_and_sessions_end_by_themselves() throws Exception {
    try (Gate gate = gate(OPEN)) {
      TestPerson ana = TestPerson.signIn(gate, "ana@example.com");
      TestPerson operator = TestPerson.owner(gate);
      String name = "gw_" + gate.port();
      String first = ana.cookies().get(name);
      pass(Duration.ofMinutes(59));
      assertThat(operator.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(200);
      pass(Duration.ofMinutes(61));
      assertThat(operator.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
      pass(Duration.ofHours(23));
      String csrf = ana.csrf();
      assertThat(ana.send("GET", "/api/auth/sessions", "").statusCode()).isEqualTo(200);
      assertThat(ana.cookies().get(name)).isNotEqualTo(first);
      assertThat(ana.call("GET", "/api/auth/session", "", 200).path("csrf_token").asText())
          .isEqualTo(csrf);
      for (int week = 0; week < 4; week++) {
        pass(Duration.ofDays(7).minusMinutes(1));
        assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(200);
      }
      pass(Duration.ofDays(1).plusMinutes(10));
      assertThat(ana.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
      TestPerson idle = TestPerson.signIn(gate, "idle@example.com");
      pass(Duration.ofDays(7));
      assertThat(idle.send("GET", "/api/auth/session", "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void act_as_cannot_read_secret_or_outlive_30m() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson operator = TestPerson.owner(gate);
      String organization = operator.organizationId();
      String own = operator.cookie();
      String ask = "{\"organization_id\":\"%s\",\"reason\":\"ticket 7\",\"write\":%s}";
      assertThat(
              operator
                  .send("POST", "/api/platform/act-as", ask.formatted("org_nobody", "false"))
                  .statusCode())
          .isEqualTo(404);
      assertThat(
              gate.admin()
                  .send("POST", "/api/platform/act-as", ask.formatted(organization, "false"))
                  .statusCode())
          .isEqualTo(403);
      operator.begun(
          operator.send("POST", "/api/platform/act-as", ask.formatted(organization, "false")), 201);
      assertThat(operator.cookie()).isNotEqualTo(own);
      JsonNode acting = operator.call("GET", "/api/auth/session", "", 200);
      assertThat(acting.at("/acting/organization_id").asText()).isEqualTo(organization);
      assertThat(acting.at("/organizations/0/role").asText()).isEqualTo("operator");
      assertThat(operator.send("GET", "/api/keys", "").statusCode()).isEqualTo(200);
      assertThat(operator.send("POST", "/api/keys", "{\"name\":\"k\"}").statusCode())
          .isEqualTo(403);
      assertThat(operator.send("GET", "/api/platform/organizations", "").statusCode())
          .isEqualTo(403);
      assertThat(operator.send("DELETE", "/api/auth/sessions", "").statusCode()).isEqualTo(403);

      assertThat(operator.send("DELETE", "/api/auth/session", "").statusCode()).isEqualTo(204);
      operator.begun(operator.send("GET", "/api/auth/session", ""), 200);
      assertThat(operator.call("GET", "/api/auth/session", "", 200).path("acting").isNull())
          .isTrue();

      operator.begun(
          operator.send("POST", "/api/platform/act-as", ask.formatted(organization, "true")), 201);
      assertThat(operator.send("POST", "/api/keys", "{\"name\":\"k\"}").statusCode())
          .isEqualTo(403);
      pass(Duration.ofMinutes(30));
      assertThat(operator.send("GET", "/api/keys", "").statusCode()).isEqualTo(401);
      String chain = gate.admin().send("GET", "/api/audit?action=operator.act_as", "").body();
      assertThat(chain).contains("ticket 7", "\"actor_kind\":\"operator\"");
      assertThat(chain).containsPattern("\"via\":\"ses_[^\"]+\",\"agent\":\"[^\"]+\"");
    }
  }

  @Test
  void no_guess_of_ten_thousand_over_http_is_right() throws Exception {
    try (Gate gate = gate(OPEN);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      long seed = System.nanoTime();
      System.out.println("seed " + seed);
      List<Future<Integer>> all = new ArrayList<>();
      for (int n = 0; n < 8; n++) {
        Random random = new Random(seed + n);
        all.add(threads.submit(() -> guess(gate, random, 1_250)));
      }
      int right = 0;
      for (Future<Integer> each : all) {
        right += each.get();
      }
      assertThat(right).isZero();
    }
  }

  /// A code as one could be.
  private static String guess(Random random) {
    return random
        .ints(8, 0, CODE_ALPHABET.length())
        .mapToObj(i -> CODE_ALPHABET.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private static int guess(Gate gate, Random random, int guesses) throws Exception {
    int right = 0;
    TestPerson browser = TestPerson.stranger(gate);
    for (int i = 0; i < guesses; i++) {
      String network = "10.%d.%d.1".formatted(random.nextInt(256), random.nextInt(256));
      if (i % 5 == 0) {
        browser = TestPerson.stranger(gate);
        browser.send(
            "POST",
            "/api/auth/code",
            "{\"email\":\"ana@example.com\"}",
            "x-forwarded-for",
            network);
      }
      String code = guess(random);
      HttpResponse<String> answer =
          enter(browser, "ana@example.com", code, "x-forwarded-for", network);
      right += answer.statusCode() == 201 ? 1 : 0;
    }
    return right;
  }

  /// Whether an address is known shows in no answer's time: three runs in a row would have to
  /// differ for it to fail.
  @Test
  void unknown_address_same_time() throws Exception {
    try (Gate gate = gate(TRUSTED)) {
      TestPerson owner = TestPerson.owner(gate);
      boolean tells =
          TwoTimes.tell(
              120,
              (isOwner, _) -> {
                String email = isOwner ? owner.email() : "nobody@example.com";
                TestPerson asker = TestPerson.stranger(gate);
                long begin = System.nanoTime();
                asker.send("POST", "/api/auth/code", "{\"email\":\"" + email + "\"}");
                return System.nanoTime() - begin;
              },
              () -> pass(Duration.ofHours(1)));
      assertThat(tells).isFalse();
    }
  }
}
