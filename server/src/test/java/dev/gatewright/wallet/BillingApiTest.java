package dev.gatewright.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.key.TestKeys;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.TestAttempts;
import dev.gatewright.ledger.TestPurses;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.Tenants;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.web.Entry;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;

/// `/api/billing/*`, by the command line on the machine.
class BillingApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Answer(int status, String text) {
    JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }

    String at(String pointer) {
      return json().at(pointer).asText();
    }
  }

  private static final class Stack implements AutoCloseable {
    final TestKeys test;
    final Ledger ledger;
    final KeyAdmission admission;
    final TestPortal portal;
    final TenantWrites writes;

    Stack(Database database) {
      test = new TestKeys(database);
      ledger = TestPurses.start(database, clock(test, 0));
      admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
      writes = new TenantWrites(database, test.feed, test.keys.audit(), test.time);
      portal =
          new TestPortal(
              new Entry(
                  admission::admit,
                  (_, _, _) -> new SessionAdmission.Result.None(),
                  new Tenants(database, test.owner()),
                  new Idempotency(database, test.keys.audit(), test.time),
                  test.time),
              new BillingApi(
                      database,
                      ledger.projector(),
                      writes,
                      (_, _) -> {
                        throw new AssertionError("nothing was bought");
                      },
                      _ -> Map.of())
                  .resource());
    }

    String organization() {
      return test.owner().organizationId();
    }

    Answer call(String method, String path, String body) {
      HttpResponse<String> answer =
          portal.send(
              portal
                  .request(path)
                  .header("authorization", "Bearer " + test.keys.localAdmin().text().expose())
                  .header("content-type", "application/json")
                  .method(method, BodyPublishers.ofString(body)));
      return new Answer(answer.statusCode(), answer.body());
    }

    Answer post(String what, String fields) {
      return call(
          "POST",
          "/api/billing/" + what,
          "{\"organization_id\":\"%s\",%s}".formatted(organization(), fields));
    }

    Answer get(String path) {
      return call("GET", "/api/billing/" + path, "");
    }

    @Override
    public void close() {
      portal.close();
      ledger.close();
      test.close();
    }
  }

  @EachDatabase
  void a_grant_makes_the_wallet_and_what_happens_to_it_is_told(Database database) {
    try (Stack stack = new Stack(database)) {
      assertThat(stack.get("balance").json().at("/wallet").isNull()).isTrue();
      Answer made = stack.post("grants", "\"usd\":\"12.5\",\"note\":\"for a start\"");
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      assertThat(made.at("/available")).isEqualTo("12.5");
      assertThat(stack.post("grants", "\"usd\":\"0.000000001\",\"kind\":\"promotional\"").status())
          .isEqualTo(201);
      Answer balance = stack.get("balance");
      assertThat(balance.at("/wallet")).isEqualTo(Accounts.wallet(stack.organization()));
      assertThat(balance.at("/balance")).isEqualTo("12.500000001");
      assertThat(balance.at("/promotional")).isEqualTo("0.000000001");
      assertThat(stack.post("adjustments", "\"usd\":\"-2.5\"").at("/balance"))
          .isEqualTo("10.000000001");
      assertThat(stack.post("adjustments", "\"usd\":\"-11\"").status()).isEqualTo(422);

      JsonNode entries = stack.get("ledger").json().path("data");
      assertThat(entries).hasSize(3);
      assertThat(entries.at("/0/kind").asText()).isEqualTo("adjustment");
      assertThat(entries.at("/2/note").asText()).isEqualTo("for a start");
      Answer first = stack.get("ledger?limit=2");
      assertThat(first.json().path("data")).hasSize(2);
      assertThat(stack.get("ledger?limit=2&cursor=" + first.at("/next_cursor")).at("/data/0/usd"))
          .isEqualTo("12.5");
      assertThat(stack.call("POST", "/api/billing/verify", "{}").text())
          .isEqualTo("{\"ok\":true,\"differences\":[]}");
    }
  }

  @EachDatabase
  void says_what_is_wrong_with_money(Database database) {
    try (Stack stack = new Stack(database)) {
      for (String usd :
          new String[] {"0", "-1", "1e3", "1.0000000001", "1000000001", "", " 1", "01234567890"}) {
        Answer wrong = stack.post("grants", "\"usd\":\"%s\"".formatted(usd));
        assertThat(wrong.status()).as(usd).isEqualTo(422);
        assertThat(wrong.at("/error/param")).isEqualTo("/usd");
      }
      assertThat(stack.post("grants", "\"usd\":1").status()).isEqualTo(422);
      assertThat(
              stack
                  .post("grants", "\"usd\":\"1\",\"expires_at\":\"2001-01-01T00:00:00Z\"")
                  .status())
          .isEqualTo(422);
      assertThat(
              stack
                  .call(
                      "POST",
                      "/api/billing/grants",
                      "{\"organization_id\":\"org_none\",\"usd\":\"1\"}")
                  .status())
          .isEqualTo(404);
      assertThat(stack.get("statements/2026-13").status()).isEqualTo(422);
      assertThat(stack.get("statements/2026-11?format=pdf").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void a_call_is_refunded_once_and_never_above_what_it_was_billed(Database database) {
    try (Stack stack = new Stack(database)) {
      stack.post("grants", "\"usd\":\"1\"");
      String request = call(stack, 500);
      assertThat(stack.get("balance").at("/balance")).isEqualTo("0.9995");
      String fields = "\"request_id\":\"%s\",\"usd\":\"%s\"";
      assertThat(stack.post("refunds", fields.formatted(request, "0.000500001")).status())
          .isEqualTo(422);
      assertThat(stack.post("refunds", fields.formatted(request, "0.0005")).status())
          .isEqualTo(201);
      assertThat(stack.post("refunds", fields.formatted(request, "0.0001")).status())
          .isEqualTo(409);
      assertThat(stack.get("balance").at("/balance")).isEqualTo("1");
      TestPurses.check(database);
    }
  }

  @EachDatabase
  void a_statements_lines_add_up_to_the_nano(Database database) {
    try (Stack stack = new Stack(database)) {
      stack.post("grants", "\"usd\":\"3\"");
      call(stack, 7);
      String month =
          YearMonth.from(Instant.ofEpochMilli(stack.test.time.millis()).atZone(ZoneOffset.UTC))
              .toString();
      Answer statement = stack.get("statements/" + month);
      assertThat(statement.status()).as(statement.text()).isEqualTo(200);
      assertThat(statement.at("/opening")).isEqualTo("0");
      assertThat(statement.at("/closing")).isEqualTo("2.999993");
      assertThat(statement.json().path("lines").findValuesAsText("usd"))
          .containsExactly("3", "-0.000007");
      assertThat(stack.get("statements/" + month + "?format=csv").text())
          .startsWith("day,kind,model,usd\r\n");
      assertThat(stack.get("statements/" + month + "?format=html").text()).contains("<table>");
    }
  }

  @EachDatabase
  void credit_whose_time_is_over_goes_but_not_what_a_call_holds(Database database) {
    try (Stack stack = new Stack(database)) {
      stack.post("grants", "\"usd\":\"1\"");
      String until = Instant.ofEpochMilli(stack.test.time.millis() + 600_000).toString();
      stack.post(
          "grants",
          "\"usd\":\"0.00001\",\"kind\":\"promotional\",\"expires_at\":\"%s\"".formatted(until));
      String wallet = Accounts.wallet(stack.organization());
      TestPurses.Pending open = TestPurses.open(stack.ledger, stack.test.owner(), 4_000);
      assertThat(open.passes()).isTrue();
      LotExpiry expiry = new LotExpiry(database, clock(stack.test, 1_000_000));
      expiry.round();
      assertThat(stack.get("balance").at("/balance")).isEqualTo("1.000004");
      stack.ledger.attempts().close(open.attempt(), TestAttempts.outcome(1));
      Await.until(() -> TestPurses.purse(database, wallet).held() == 0);
      stack.ledger.projector().projectAll();
      expiry.round();
      expiry.round();
      assertThat(stack.get("balance").at("/balance")).isEqualTo("1");
      TestPurses.check(database);
    }
  }

  private static Time clock(TestKeys test, long laterMillis) {
    return new Time(() -> Instant.ofEpochMilli(test.time.millis() + laterMillis), System::nanoTime);
  }

  /// A call that is paid for and counted.
  private static String call(Stack stack, int tokens) {
    TestPurses.Pending call =
        TestPurses.open(stack.ledger, stack.test.owner(), tokens * TestPurses.TOKEN);
    assertThat(call.passes()).isTrue();
    stack.ledger.attempts().close(call.attempt(), TestAttempts.outcome(tokens));
    stack.ledger.projector().projectAll();
    return call.attempt().opening().requestId();
  }
}
