package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first run: one owner, whoever tries and however many at once.
class SetupTest {
  private static final String BODY =
      "{\"token\":\"%s\",\"email\":\"%s\",\"organization\":\"Acme\"}";

  @TempDir Path folder;

  private Gate gate(String settings) throws IOException {
    return LocalGate.start(GateSetup.in(folder).settings(settings));
  }

  private Path link() {
    return folder.resolve("data/setup-link");
  }

  private static HttpResponse<String> claim(Gate gate, String token, String... headers)
      throws Exception {
    return TestPerson.stranger(gate)
        .send("POST", "/api/auth/setup", BODY.formatted(token, "ana@example.com"), headers);
  }

  @Test
  void whoever_has_the_link_owns_the_organization_that_is_there() throws Exception {
    try (Gate gate = gate("")) {
      String kept = Files.readString(link()).strip();
      assertThat(kept)
          .matches("http://localhost:%d/console/setup#[A-Za-z0-9_-]{43}".formatted(gate.port()));
      AdminClient.Key before = gate.admin().liveKey("before");
      String organization =
          gate.admin().call("GET", "/api/keys", "", 200).toString().contains(before.id())
              ? gate.admin()
                  .call("GET", "/api/audit/anchor", "", 200)
                  .path("organization_id")
                  .asText()
              : "";

      TestPerson ana = TestPerson.stranger(gate);
      String token = kept.substring(kept.indexOf('#') + 1);
      ana.begun(ana.send("POST", "/api/auth/setup", BODY.formatted(token, "Ana@Example.com")), 201);
      JsonNode session = ana.call("GET", "/api/auth/session", "", 200);
      assertThat(session.at("/person/email").asText()).isEqualTo("Ana@example.com");
      assertThat(session.path("operator").asBoolean()).isTrue();
      assertThat(session.at("/organizations/0/id").asText()).isEqualTo(organization);
      assertThat(session.at("/organizations/0/name").asText()).isEqualTo("Acme");
      assertThat(session.at("/organizations/0/role").asText()).isEqualTo("owner");
      assertThat(session.at("/organizations/0/capabilities").toString()).contains("org.delete");
      assertThat(session.at("/organizations/0/lacking").isEmpty()).isTrue();
      assertThat(ana.call("GET", "/api/keys", "", 200).toString()).contains(before.id());
      assertThat(link()).doesNotExist();
      assertThat(claim(gate, token).statusCode()).isEqualTo(410);
      assertThat(gate.admin().send("POST", "/api/auth/setup/link", "").statusCode()).isEqualTo(410);
    }
    try (Gate again = gate("")) {
      assertThat(link()).doesNotExist();
      assertThat(again.admin().send("POST", "/api/auth/setup/link", "").statusCode())
          .isEqualTo(410);
    }
  }

  @Test
  void five_hundred_claims_at_once_make_one_owner() throws Exception {
    try (Gate gate = gate("");
        ExecutorService callers = Executors.newFixedThreadPool(50)) {
      String token = TestPerson.setupToken(gate);
      List<Callable<Integer>> claims = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String body = BODY.formatted(token, "p" + i + "@example.com");
        claims.add(() -> {
          int status = 429;
          while (status == 429 || status == 503) {
            status = TestPerson.stranger(gate).send("POST", "/api/auth/setup", body).statusCode();
          }
          return status;
        });
      }
      Map<Integer, Integer> statuses = new HashMap<>();
      for (Future<Integer> each : callers.invokeAll(claims)) {
        statuses.merge(each.get(), 1, Integer::sum);
      }
      assertThat(statuses).containsOnly(Map.entry(201, 1), Map.entry(410, 499));
    }
  }

  @Test
  void a_wrong_token_another_page_and_another_machine_are_refused() throws Exception {
    try (Gate gate = gate("")) {
      String token = TestPerson.setupToken(gate);
      assertThat(claim(gate, "A".repeat(43)).statusCode()).isEqualTo(401);
      assertThat(claim(gate, "").statusCode()).isEqualTo(401);
      assertThat(claim(gate, token, "sec-fetch-site", "same-site").statusCode()).isEqualTo(403);
      assertThat(claim(gate, token, "sec-fetch-site", "", "origin", "http://evil.example").body())
          .contains("cross_site");
      assertThat(claim(gate, token, "x-forwarded-for", "203.0.113.9").statusCode()).isEqualTo(403);
      assertThat(claim(gate, token, "sec-fetch-site", "").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void who_guesses_is_told_to_wait_and_who_has_the_link_gets_in() throws Exception {
    try (Gate gate = gate("")) {
      String token = TestPerson.setupToken(gate);
      List<Integer> statuses = new ArrayList<>();
      HttpResponse<String> last = claim(gate, "A".repeat(43));
      // A window may have ended in between.
      while (last.statusCode() == 401 && statuses.size() < 11) {
        statuses.add(401);
        last = claim(gate, "B".repeat(43));
      }
      assertThat(statuses).hasSizeBetween(5, 10);
      assertThat(last.statusCode()).isEqualTo(429);
      assertThat(last.headers().firstValue("retry-after").orElse("")).matches("[1-9]\\d{0,2}");
      assertThat(last.body()).contains("Too many tokens").doesNotContain("B".repeat(43));
      assertThat(claim(gate, token).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void by_a_proxy_that_is_trusted_another_machine_is_one() throws Exception {
    String settings = "trusted-proxies: [127.0.0.1]\n";
    String[] far = {"x-forwarded-for", "203.0.113.9", "x-forwarded-proto", "https"};
    try (Gate gate = gate(settings)) {
      assertThat(claim(gate, TestPerson.setupToken(gate), far).statusCode()).isEqualTo(403);
    }
    try (Gate gate = gate(settings + "setup: { remote: true }\n")) {
      String token = TestPerson.setupToken(gate);
      assertThat(claim(gate, token, "x-forwarded-for", "203.0.113.9").body())
          .contains("insecure_transport");
      HttpResponse<String> done = claim(gate, token, far);
      assertThat(done.statusCode()).isEqualTo(201);
      assertThat(done.headers().firstValue("set-cookie").orElse(""))
          .matches(
              "gw_%d=[A-Za-z0-9_-]{43}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict; Secure"
                  .formatted(gate.port()));
    }
  }

  @Test
  void a_gate_kept_for_an_address_is_claimed_by_no_other() throws Exception {
    try (Gate gate = gate("owner-email: boss@example.com\n")) {
      String token = TestPerson.setupToken(gate);
      assertThat(claim(gate, token).statusCode()).isEqualTo(403);
      assertThat(
              gate.admin()
                  .send(
                      "POST",
                      "/api/auth/setup/owner",
                      "{\"email\":\"ana@example.com\",\"organization\":\"x\"}")
                  .statusCode())
          .isEqualTo(403);
      JsonNode made =
          gate.admin()
              .call(
                  "POST",
                  "/api/auth/setup/owner",
                  "{\"email\":\"Boss@Example.com\",\"organization\":\"x\"}",
                  201);
      assertThat(made.path("person_id").asText()).startsWith("per_");
      assertThat(claim(gate, token).statusCode()).isEqualTo(410);
    }
  }

  @Test
  void what_does_not_fit_is_named() throws Exception {
    try (Gate gate = gate("")) {
      String token = TestPerson.setupToken(gate);
      for (String email :
          List.of("ana", "Ana <ana@example.com>", "ana@localhost", "a@b.c\\r\\nX: y")) {
        HttpResponse<String> answer =
            TestPerson.stranger(gate).send("POST", "/api/auth/setup", BODY.formatted(token, email));
        assertThat(answer.statusCode()).as(email).isEqualTo(422);
        assertThat(answer.body()).contains("\"param\":\"/email\"").doesNotContain(token);
      }
    }
  }
}
