package dev.gatewright.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.key.TestKeys;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.TestAttempts;
import dev.gatewright.ledger.TestPurses;
import dev.gatewright.ledger.projection.Replay;
import dev.gatewright.mail.Mail;
import dev.gatewright.price.fare.HardBudgets.BudgetWindow;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.Tenants;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import dev.gatewright.web.Entry;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import dev.gatewright.webhook.TestWebhooks;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `/api/budgets`, and what calls take from them through the ledger.
class BudgetApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Answer(int status, String text, String tag) {
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
    final Budgets budgets;
    final KeyAdmission admission;
    final TestPortal portal;
    final List<Ledger> replicas = new ArrayList<>();

    Stack(Database database) {
      test = new TestKeys(database);
      budgets = Budgets.start(database, test.feed);
      admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
      replica(database);
      portal =
          new TestPortal(
              new Entry(
                  admission::admit,
                  (_, _, _) -> new SessionAdmission.Result.None(),
                  new Tenants(database, test.owner()),
                  new Idempotency(database, test.keys.audit(), test.time),
                  test.time),
              new BudgetApi(
                      database, new TenantWrites(database, test.feed, test.keys.audit(), test.time))
                  .resource());
    }

    void replica(Database database) {
      replicas.add(
          Ledger.start(
              database,
              Time.system(),
              TestPurses.PRICING,
              new BudgetPurseStore(),
              new BudgetCounts(budgets, test.time)));
    }

    Tenant tenant() {
      return test.owner();
    }

    Answer call(String method, String path, String body, String... headers) {
      HttpRequest.Builder request =
          portal
              .request("/api/budgets" + path)
              .header("authorization", "Bearer " + test.keys.localAdmin().text().expose())
              .header("content-type", "application/json");
      if (headers.length > 0) {
        request.headers(headers);
      }
      HttpResponse<String> answer =
          portal.send(request.method(method, BodyPublishers.ofString(body)));
      return new Answer(
          answer.statusCode(), answer.body(), answer.headers().firstValue("etag").orElse(""));
    }

    Answer make(String on, String usd, String per, String more) {
      Answer made =
          call(
              "POST",
              "",
              "{\"on\":\"%s\",\"usd\":\"%s\",\"per\":\"%s\"%s}".formatted(on, usd, per, more));
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      return made;
    }

    Answer budget(Answer made) {
      replicas.forEach(ledger -> ledger.projector().projectAll());
      return call("GET", "/" + made.at("/id"), "");
    }

    /// As a call does that costs so much at most.
    Pending open(int replica, long nano) {
      Opening like = TestAttempts.opening();
      List<Hold> holds =
          budgets.behind(tenant(), "key_x", null, like.startedMillis()).stream()
              .map(window -> new Hold(window.purse(), nano))
              .toList();
      CompletableFuture<@Nullable Throwable> durable = new CompletableFuture<>();
      Opening opening =
          new Opening(
                  like.requestId(),
                  0,
                  true,
                  true,
                  tenant(),
                  "key_x",
                  "m",
                  "p/m",
                  "p",
                  "/v1/x",
                  false,
                  false,
                  like.startedMillis(),
                  7)
              .with(new Charge("v1", "", false, holds));
      Ledger ledger = replicas.get(replica % replicas.size());
      return new Pending(
          ledger,
          ledger.attempts().open(opening, ImmediateEventExecutor.INSTANCE, durable::complete),
          durable);
    }

    /// Who was refused is remembered for a moment.
    Pending passes(long nano) {
      AtomicReference<Pending> passed = new AtomicReference<>();
      Await.until(() -> {
        Pending call = open(0, nano);
        passed.set(call);
        return call.passes();
      });
      return Objects.requireNonNull(passed.get());
    }

    void await(int windows) {
      Await.until(() ->
          budgets.behind(tenant(), "key_x", null, test.time.millis()).size() == windows
              && budgets.counting(tenant(), "key_x", null).size() >= windows);
    }

    @Override
    public void close() {
      portal.close();
      replicas.forEach(Ledger::close);
      test.close();
    }
  }

  private record Pending(
      Ledger ledger, Attempt attempt, CompletableFuture<@Nullable Throwable> durable) {
    boolean passes() {
      Throwable cause = TestAttempts.get(durable);
      assertThat(cause == null || cause instanceof InsufficientFunds).as("%s", cause).isTrue();
      return cause == null;
    }

    void close(long tokens) {
      ledger.attempts().close(attempt, TestAttempts.outcome(tokens));
    }
  }

  @EachDatabase
  void a_budget_is_made_changed_and_removed(Database database) {
    try (Stack stack = new Stack(database)) {
      String organization = stack.tenant().organizationId();
      Answer made = stack.make(stack.tenant().projectId(), "5.000000001", "day", "");
      assertThat(made.at("/usd")).isEqualTo("5.000000001");
      assertThat(made.at("/hard")).isEqualTo("true");
      assertThat(made.json().path("alerts").toString()).isEqualTo("[50,80,100]");
      assertThat(made.at("/spent")).isEqualTo("0");
      assertThat(made.at("/starts_at")).isEqualTo(made.at("/created_at"));
      assertThat(made.json().path("resets_at").isTextual()).isTrue();
      assertThat(
              stack
                  .make(organization, "1", "lifetime", ",\"hard\":false,\"alerts\":[90,10,90]")
                  .json()
                  .path("alerts")
                  .toString())
          .isEqualTo("[10,90]");
      assertThat(stack.call("GET", "", "").json().path("data")).hasSize(2);
      assertThat(
              stack.call("GET", "?on=" + organization, "").json().at("/data/0/resets_at").isNull())
          .isTrue();

      String path = "/" + made.at("/id");
      assertThat(stack.call("GET", path, "").tag()).isEqualTo(made.tag());
      Answer edited = stack.call("PATCH", path, "{\"usd\":\"7\",\"hard\":false,\"per\":\"day\"}");
      assertThat(edited.at("/usd")).as(edited.text()).isEqualTo("7");
      assertThat(stack.call("DELETE", path, "", "if-match", made.tag()).status()).isEqualTo(412);
      assertThat(stack.call("PATCH", path, "{\"per\":\"week\"}").at("/error/param"))
          .isEqualTo("/per");
      assertThat(stack.call("DELETE", path, "", "if-match", edited.tag()).status()).isEqualTo(204);
      assertThat(stack.call("GET", path, "").status()).isEqualTo(404);
    }
  }

  @EachDatabase
  void says_what_is_wrong(Database database) {
    try (Stack stack = new Stack(database)) {
      String on = stack.tenant().organizationId();
      for (String[] wrong :
          new String[][] {
            {"{\"usd\":\"1\",\"per\":\"day\"}", "/on"},
            {"{\"on\":\"org_other\",\"usd\":\"1\",\"per\":\"day\"}", "/on"},
            {"{\"on\":\"key_none\",\"usd\":\"1\",\"per\":\"day\"}", "/on"},
            {"{\"on\":\"per_none\",\"usd\":\"1\",\"per\":\"day\"}", "/on"},
            {"{\"on\":\"%s\",\"usd\":\"0\",\"per\":\"day\"}", "/usd"},
            {"{\"on\":\"%s\",\"usd\":\"1e3\",\"per\":\"day\"}", "/usd"},
            {"{\"on\":\"%s\",\"per\":\"day\"}", "/usd"},
            {"{\"on\":\"%s\",\"usd\":\"1\",\"per\":\"year\"}", "/per"},
            {"{\"on\":\"%s\",\"usd\":\"1\",\"per\":\"day\",\"alerts\":[0]}", "/alerts"},
          }) {
        Answer refused = stack.call("POST", "", wrong[0].replace("%s", on));
        assertThat(refused.status()).as(wrong[0]).isEqualTo(422);
        assertThat(refused.at("/error/param")).as(wrong[0]).isEqualTo(wrong[1]);
      }
      for (int i = 0; i < 3; i++) {
        stack.make(on, "1", "day", "");
      }
      assertThat(
              stack
                  .call("POST", "", "{\"on\":\"" + on + "\",\"usd\":\"1\",\"per\":\"day\"}")
                  .status())
          .isEqualTo(409);
    }
  }

  /// LimitLowered: open calls are killed.
  @EachDatabase
  void a_lower_limit_refuses_new_calls_and_open_ones_go_on(Database database) {
    try (Stack stack = new Stack(database)) {
      Answer made = stack.make(stack.tenant().organizationId(), "1", "month", "");
      stack.await(1);
      Pending open = stack.open(0, 600_000_000);
      assertThat(open.passes()).isTrue();
      Answer lowered = stack.call("PATCH", "/" + made.at("/id"), "{\"usd\":\"0.5\"}");
      assertThat(lowered.at("/reserved")).as(lowered.text()).isEqualTo("0.6");
      assertThat(stack.open(0, 1).passes()).isFalse();
      open.close(100_000);
      Await.until(() -> stack.budget(made).at("/spent").equals("0.1"));
      assertThat(stack.open(0, 400_000_001).passes()).isFalse();
      stack.passes(400_000_000).close(0);

      // Soft: it counts on, and refuses nobody; hard again: what was counted is spent.
      assertThat(stack.call("PATCH", "/" + made.at("/id"), "{\"hard\":false}").at("/spent"))
          .isEqualTo("0.1");
      stack.await(0);
      Pending free = stack.open(0, 900_000_000);
      assertThat(free.passes()).isTrue();
      free.close(150_000);
      Await.until(() -> stack.budget(made).at("/spent").equals("0.25"));
      stack.call("PATCH", "/" + made.at("/id"), "{\"hard\":true}");
      stack.await(1);
      assertThat(stack.open(0, 250_000_001).passes()).isFalse();
      stack.passes(250_000_000).close(0);

      // Removed: a replica that has not heard of it yet refuses nobody either.
      List<BudgetWindow> stale =
          stack.budgets.behind(stack.tenant(), "key_x", null, stack.test.time.millis());
      stack.call("DELETE", "/" + made.at("/id"), "");
      assertThat(stale).hasSize(1);
      long room = TestPurses.purse(database, stale.getFirst().purse()).room();
      assertThat(room).isGreaterThan(900_000_000_000_000_000L);
    }
  }

  /// Callers1000: 0 nano-USD over, and nothing held after.
  @EachDatabase
  void callers_1000_on_one_budget_get_what_there_is_and_not_a_nano_more(Database database) {
    try (Stack stack = new Stack(database)) {
      overshoot(stack, database, 1);
    }
  }

  @Test
  void three_replicas_on_one_budget_take_what_there_is_and_not_a_nano_more() {
    try (TestStore store = TestStore.fresh(Database.Kind.POSTGRES);
        Stack stack = new Stack(store.database())) {
      stack.replica(store.open());
      stack.replica(store.open());
      overshoot(stack, store.database(), 3);
    }
  }

  private static void overshoot(Stack stack, Database database, int replicas) {
    Answer small = stack.make(stack.tenant().organizationId(), "0.000137999", "day", "");
    Answer large = stack.make(stack.tenant().projectId(), "1", "lifetime", "");
    stack.await(2);
    List<Pending> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      calls.add(stack.open(i % replicas, TestPurses.TOKEN));
    }
    List<Pending> passed = calls.stream().filter(Pending::passes).toList();
    assertThat(passed).hasSize(137);
    assertThat(stack.budget(small).at("/reserved")).isEqualTo("0.000137");
    assertThat(stack.budget(large).at("/reserved")).isEqualTo("0.000137");
    passed.forEach(call -> call.close(1));
    Await.until(() -> stack.budget(small).at("/reserved").equals("0"));
    assertThat(stack.budget(small).at("/spent")).isEqualTo("0.000137");
    assertThat(stack.budget(large).at("/spent")).isEqualTo("0.000137");
    TestPurses.check(database);
  }

  /// Nobody knows a past window's limit but its purse.
  @EachDatabase
  void a_window_that_is_over_is_still_held_against_what_it_was_given(Database database) {
    try (Stack stack = new Stack(database)) {
      Answer made = stack.make(stack.tenant().organizationId(), "0.0001", "day", "");
      stack.await(1);
      Pending call = stack.passes(10 * TestPurses.TOKEN);
      call.close(7);
      Await.until(() -> stack.budget(made).at("/spent").equals("0.000007"));
      assertThat(
              stack
                  .call(
                      "PATCH", "/" + made.at("/id"), "{\"usd\":\"0.0003\"}", "if-match", made.tag())
                  .status())
          .isEqualTo(200);
      database.write(handle -> handle.execute("UPDATE purse SET until_millis = 1"));
      TestPurses.check(database);
      for (String tampered : List.of("room", "posted", "given")) {
        database.write(
            handle -> handle.execute("UPDATE purse SET %s = %s + 1".formatted(tampered, tampered)));
        assertThat(Replay.differences(database))
            .as(tampered)
            .singleElement()
            .asString()
            .contains(made.at("/id") + "@", "what it was given");
        database.write(
            handle -> handle.execute("UPDATE purse SET %s = %s - 1".formatted(tampered, tampered)));
      }
      TestPurses.check(database);
    }
  }

  /// A rolling update: the version before neither notes what it gives nor changes what is noted.
  @EachDatabase
  void a_window_that_an_older_replica_changes_is_unknown_and_no_difference(Database database) {
    try (Stack stack = new Stack(database)) {
      Answer made = stack.make(stack.tenant().organizationId(), "0.0001", "day", "");
      stack.await(1);
      Pending call = stack.passes(10 * TestPurses.TOKEN);
      call.close(7);
      Await.until(() -> stack.budget(made).at("/spent").equals("0.000007"));
      assertThat(unknown(database)).isEmpty();
      String window =
          database.read(handle ->
              handle
                  .createQuery("SELECT id FROM purse WHERE kind = 'budget'")
                  .mapTo(String.class)
                  .one());
      database.write(handle ->
          handle.execute(
              """
              INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted,
                posted)
              VALUES (?, ?, 'budget', 0, 5, 0, 0, 0)
              ON CONFLICT (id) DO UPDATE SET room = purse.room + 5000\
              """,
              window,
              stack.tenant().organizationId()));
      database.write(handle -> handle.execute("UPDATE purse SET until_millis = 1"));
      TestPurses.check(database);
      assertThat(unknown(database)).containsExactly(window);
      database.write(handle ->
          handle.execute(
              """
              INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted,
                posted)
              VALUES ('bud_old@1', ?, 'budget', 1, 5, 0, 0, 0)\
              """,
              stack.tenant().organizationId()));
      assertThat(unknown(database)).containsExactlyInAnyOrder("bud_old@1", window);
      database.write(handle -> handle.execute("DELETE FROM purse WHERE id = 'bud_old@1'"));
      database.write(handle -> BudgetPurseStore.sweep(handle, 0, 10));
      assertThat(TestAttempts.count(database, "budget_given_unknown")).isEqualTo(1);
    }
  }

  private static List<String> unknown(Database database) {
    return Replay.check(database, _ -> Map.of()).unknown();
  }

  /// AlertOnce: a mail per replica.
  @EachDatabase
  void a_window_is_noted_once_for_each_percent(Database database) {
    try (Stack stack = new Stack(database)) {
      Answer made =
          stack.make(
              stack.tenant().organizationId(),
              "0.0001",
              "day",
              ",\"hard\":false,\"alerts\":[50,100]");
      Await.until(() -> stack.budgets.counting(stack.tenant(), "key_x", null).size() == 1);
      for (int i = 0; i < 60; i++) {
        Pending call = stack.open(0, 0);
        assertThat(call.passes()).isTrue();
        call.close(1);
      }
      Await.until(() -> stack.budget(made).at("/spent").equals("0.00006"));
      assertThat(open(database)).containsExactly(50);
      for (int i = 0; i < 60; i++) {
        Pending call = stack.open(0, 0);
        call.close(1);
      }
      Await.until(() -> stack.budget(made).at("/spent").equals("0.00012"));
      assertThat(open(database)).containsExactly(50, 100);
      String hard = stack.make(stack.tenant().organizationId(), "1", "day", "").at("/id");
      database.write(handle ->
          BudgetAlertStore.insert(
              handle,
              new BudgetAlertStore.Alert(
                  hard, 0, 80, stack.tenant().organizationId(), 800_000_000, 1_000_000_000),
              1));
      TestWebhooks.listen(database, stack.tenant().organizationId());
      // Two replicas tell; each alert is taken once.
      Mail mail = Mail.start(null, database, stack.test.time);
      try (AlertTeller one = AlertTeller.start(database, mail, stack.test.time);
          AlertTeller two = AlertTeller.start(database, mail, stack.test.time)) {
        one.round();
        two.round();
      }
      assertThat(open(database)).isEmpty();
      String soft = "budget.alert " + made.at("/id");
      String used = "usage.threshold " + stack.tenant().organizationId();
      assertThat(TestWebhooks.told(database, stack.tenant().organizationId()))
          .containsExactlyInAnyOrder(soft, soft, "budget.alert " + hard, used, used);
    }
  }

  private static List<Integer> open(Database database) {
    return database.read(handle -> BudgetAlertStore.open(handle, 10)).stream()
        .map(BudgetAlertStore.Alert::percent)
        .toList();
  }
}
