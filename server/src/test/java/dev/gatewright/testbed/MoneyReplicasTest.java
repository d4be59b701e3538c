package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import jakarta.mail.internet.MimeMessage;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two replicas on one PostgreSQL, asked for the same thing at the same moment: what may happen
/// once happens once, and nothing is spent that is not there.
class MoneyReplicasTest {
  private static final int AT_ONCE = 24;
  private static final GreenMail MAIL = new GreenMail(ServerSetup.SMTP.dynamicPort());

  @TempDir static Path folder;
  private static FakeProvider provider;
  private static FakeStripe stripe;
  private static ChildGate one;
  private static ChildGate two;

  @BeforeAll
  static void start() throws Exception {
    MAIL.start();
    provider = FakeProvider.start();
    stripe = new FakeStripe();
    PostgresAddress database = TestPostgres.freshDatabase();
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    one = replica("one", database, key);
    two = replica("two", database, key);
  }

  @AfterAll
  static void stop() throws Exception {
    one.close();
    two.close();
    stripe.close();
    provider.close();
    MAIL.stop();
  }

  private static ChildGate replica(String name, PostgresAddress database, String masterKey)
      throws Exception {
    Secret password = database.password();
    return ChildGate.start(
        GateSetup.usual(Files.createDirectories(folder.resolve(name)), provider)
            .settings(
                """
                payments: { stripe: { key: %s, webhook-secret: %s, base-url: "%s" } }
                mail: { smtp: "smtp://localhost:%d", tls: none, from: gate@gate.test }
                prices: { entries: [{ model: local/gpt-4o-mini, meters: { input: 1/1M, cache_read: 1/1M, output: 1/1k } }] }\
                """
                    .formatted(
                        FakeStripe.KEY,
                        FakeStripe.WEBHOOK_SECRET,
                        stripe.url(),
                        MAIL.getSmtp().getPort()))
            .environment(
                "DATABASE_URL",
                "postgresql://postgres:%s@%s/%s"
                    .formatted(
                        password == null ? "" : password.expose(),
                        database.hosts(),
                        database.database()))
            .environment("GATEWRIGHT_MASTER_KEY", masterKey));
  }

  private static ChildGate gate(int i) {
    return i % 2 == 0 ? one : two;
  }

  private interface Attempt<T> {
    T on(ChildGate gate) throws Exception;
  }

  /// All at the same moment, half of them on each replica.
  private static <T> List<T> atOnce(Attempt<T> attempt) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(AT_ONCE);
    List<T> all = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        ChildGate gate = gate(i);
        Callable<T> task =
            () -> {
              barrier.await();
              return attempt.on(gate);
            };
        running.add(callers.submit(task));
      }
      for (Future<T> each : running) {
        all.add(each.get());
      }
    }
    return all;
  }

  private static void booksAreRight() throws Exception {
    assertThat(one.admin().call("POST", "/api/billing/verify", "{}", 200).toString())
        .isEqualTo("{\"ok\":true,\"differences\":[]}");
  }

  @Test
  void a_purchase_is_refunded_once_over_all_replicas() throws Exception {
    String organization =
        one.admin()
            .call("POST", "/api/organizations", "{\"name\":\"buyer\"}", 201)
            .path("id")
            .asText();
    JsonNode begun =
        one.admin().in(organization).call("POST", "/api/billing/topups", "{\"usd\":\"25\"}", 201);
    String intent = stripe.pay(begun.path("url").asText(), 0);
    String event = stripe.event("evt_1", "payment_intent.succeeded", intent);
    java.net.http.HttpClient.newHttpClient()
        .send(
            java.net.http.HttpRequest.newBuilder(two.url().resolve("/api/billing/webhooks/stripe"))
                .header("content-type", "application/json")
                .header(
                    "stripe-signature",
                    FakeStripe.signature(event, System.currentTimeMillis() / 1_000))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(event))
                .build(),
            HttpResponse.BodyHandlers.discarding());
    Await.until(
        "the credit",
        Duration.ofSeconds(20),
        () -> balance(organization).path("balance").asText().equals("25"));

    List<Integer> statuses =
        atOnce(gate ->
            gate.admin()
                .send(
                    "POST",
                    "/api/billing/refunds",
                    "{\"topup_id\":\"%s\",\"usd\":\"20\"}".formatted(begun.path("id").asText()))
                .statusCode());
    assertThat(statuses).containsOnly(201, 409);
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(stripe.givenBack(intent)).isEqualTo(2_000);
    assertThat(balance(organization).path("balance").asText()).isEqualTo("5");
    booksAreRight();
  }

  private static JsonNode balance(String organization) throws Exception {
    return one.admin().in(organization).call("GET", "/api/billing/balance", "", 200);
  }

  @Test
  void a_hard_budget_is_not_overshot_by_a_nano_over_all_replicas() throws Exception {
    AdminClient.Key key = one.admin().liveKey("raced");
    JsonNode budget =
        one.admin()
            .call(
                "POST",
                "/api/budgets",
                "{\"on\":\"%s\",\"usd\":\"0.5\",\"per\":\"lifetime\"}".formatted(key.id()),
                201);
    for (ChildGate gate : List.of(one, two)) {
      Await.until("the budget", Duration.ofSeconds(20), () -> chat(gate, key.key(), 5_000) == 402);
    }
    List<Integer> all = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      // Each may come to 0.1 and something; so at most four at a time fit.
      List<Integer> statuses = atOnce(gate -> chat(gate, key.key(), 100));
      assertThat(statuses).containsAnyOf(200, 402).doesNotContain(500, 503);
      all.addAll(statuses);
      JsonNode now = standing(budget);
      assertThat(
              new BigDecimal(now.path("spent").asText())
                  .add(new BigDecimal(now.path("reserved").asText())))
          .isLessThanOrEqualTo(new BigDecimal("0.5"));
    }
    assertThat(all).contains(200, 402);
    Await.until(
        "nothing reserved",
        Duration.ofSeconds(20),
        () -> standing(budget).path("reserved").asText().equals("0"));
    assertThat(new BigDecimal(standing(budget).path("spent").asText()))
        .isPositive()
        .isLessThanOrEqualTo(new BigDecimal("0.5"));
    booksAreRight();
  }

  private static JsonNode standing(JsonNode budget) throws Exception {
    return two.admin().call("GET", "/api/budgets/" + budget.path("id").asText(), "", 200);
  }

  private static int chat(ChildGate gate, String key, int cap) throws Exception {
    try (RawClient caller = gate.caller()) {
      return caller
          .post(
              "/v1/chat/completions",
              key,
              "{\"model\":\"fast\",\"max_tokens\":%d,\"messages\":[]}".formatted(cap))
          .answer()
          .status();
    }
  }

  /// AlertOnce: a mail per replica.
  @Test
  void a_soft_alert_is_mailed_once_a_window_over_all_replicas() throws Exception {
    TestPerson.owner(one, "payer@example.com");
    AdminClient.Key key = one.admin().liveKey("told");
    one.admin()
        .call(
            "POST",
            "/api/budgets",
            "{\"on\":\"%s\",\"usd\":\"0.000001\",\"per\":\"lifetime\",\"hard\":false,\"alerts\":[50,100]}"
                .formatted(key.id()),
            201);
    for (ChildGate gate : List.of(one, two)) {
      Await.until("the key", Duration.ofSeconds(20), () -> chat(gate, key.key(), 9) == 200);
    }
    // The budget is heard of within a second; every call from then on has both alerts to tell.
    for (int round = 0; round < 4; round++) {
      assertThat(atOnce(gate -> chat(gate, key.key(), 9))).containsOnly(200);
      Thread.sleep(700);
    }
    Await.until("both mails", Duration.ofSeconds(30), () -> alerts().size() >= 2);
    // Two rounds of each replica's teller, and the mail worker behind them.
    Thread.sleep(6_000);
    assertThat(alerts())
        .as("one for each percent")
        .hasSize(2)
        .anyMatch(subject -> subject.contains("50 %"))
        .anyMatch(subject -> subject.contains("100 %"));
  }

  private static List<String> alerts() throws Exception {
    List<String> subjects = new ArrayList<>();
    for (MimeMessage mail : MAIL.getReceivedMessages()) {
      if (mail.getSubject().startsWith("A budget of")
          && Arrays.toString(mail.getAllRecipients()).contains("payer@example.com")) {
        subjects.add(mail.getSubject());
      }
    }
    return subjects;
  }

  @Test
  void exports_are_never_more_than_their_cap_over_all_replicas() throws Exception {
    String organization =
        one.admin()
            .call("POST", "/api/organizations", "{\"name\":\"exporter\"}", 201)
            .path("id")
            .asText();
    List<Integer> statuses = new ArrayList<>();
    while (statuses.size() < 100 + 2 * AT_ONCE) {
      statuses.addAll(
          atOnce(gate ->
              gate.admin()
                  .in(organization)
                  .send("POST", "/api/usage/exports", "{\"format\":\"csv\"}")
                  .statusCode()));
    }
    assertThat(statuses).containsOnly(201, 409);
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(100);
  }
}
