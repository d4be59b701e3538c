package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Credit bought by card, with the product running and a Stripe that has a memory. The names of
/// money.md §8 stand over what they ask.
class PaymentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final FakeStripe STRIPE = stripe();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              "payments: { stripe: { key: %s, webhook-secret: %s, base-url: \"%s\" } }\nbilling: { credits: required }\nprices: { entries: [{ model: local/gpt-4o-mini, meters: { input: 1/1k, output: 1/1k } }] }"
                  .formatted(FakeStripe.KEY, FakeStripe.WEBHOOK_SECRET, STRIPE.url())));

  private AdminClient buyer;
  private String organization;
  private int events;

  private static FakeStripe stripe() {
    try {
      return new FakeStripe();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterAll
  static void close() {
    STRIPE.close();
  }

  @BeforeEach
  void organization() throws Exception {
    STRIPE.decline("");
    STRIPE.refuseRefunds("");
    organization =
        world
            .admin()
            .call("POST", "/api/organizations", "{\"name\":\"buyer\"}", 201)
            .path("id")
            .asText();
    buyer = world.admin().in(organization);
  }

  private JsonNode begun(String usd) throws Exception {
    return buyer.call("POST", "/api/billing/topups", "{\"usd\":\"%s\"}".formatted(usd), 201);
  }

  private JsonNode balance() throws Exception {
    return buyer.call("GET", "/api/billing/balance", "", 200);
  }

  private int deliver(String body, String signature) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(world.gate().url() + "/api/billing/webhooks/stripe"))
                .header("content-type", "application/json; charset=utf-8")
                .header("stripe-signature", signature)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    return answer.statusCode();
  }

  private String send(String type, String intent) throws Exception {
    String id = "evt_" + organization + "_" + events++;
    String body = STRIPE.event(id, type, intent);
    assertThat(deliver(body, FakeStripe.signature(body, System.currentTimeMillis() / 1_000)))
        .isEqualTo(200);
    return id;
  }

  private void balanceIs(String usd) throws Exception {
    Await.until("a balance of " + usd, SOON, () -> balance().path("balance").asText().equals(usd));
  }

  private String paid(String usd) throws Exception {
    String intent = STRIPE.pay(begun(usd).path("url").asText(), 0);
    send("checkout.session.completed", intent);
    balanceIs(usd);
    return intent;
  }

  private void booksAreRight() throws Exception {
    assertThat(world.admin().call("POST", "/api/billing/verify", "{}", 200).toString())
        .isEqualTo("{\"ok\":true,\"differences\":[]}");
  }

  /// TwoEventTypes: credited twice. Two types, each twice, at once and again later.
  @Test
  void a_payment_is_credited_once_however_often_and_as_whatever_it_is_told() throws Exception {
    assertThat(balance().path("wallet").isNull()).as("credit is required").isFalse();
    JsonNode begun = begun("25");
    assertThat(begun.path("id").asText()).startsWith("top_");
    assertThat(balance().path("balance").asText()).isEqualTo("0");
    String intent = STRIPE.pay(begun.path("url").asText(), 0);
    for (int i = 0; i < 2; i++) {
      String id = send("checkout.session.completed", intent);
      String again = STRIPE.event(id, "checkout.session.completed", intent);
      deliver(again, FakeStripe.signature(again, System.currentTimeMillis() / 1_000));
      send("payment_intent.succeeded", intent);
    }
    balanceIs("25");
    // Another payment behind them: when it is there, the others have been looked at.
    String second = STRIPE.pay(begun("1").path("url").asText(), 0);
    send("payment_intent.succeeded", second);
    balanceIs("26");
    String path = "/api/billing/topups/" + begun.path("id").asText();
    assertThat(buyer.call("GET", path, "", 200).path("state").asText()).isEqualTo("paid");
    assertThat(world.admin().send("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(buyer.call("GET", "/api/billing/ledger", "", 200).path("data")).hasSize(2);
    booksAreRight();
  }

  /// RawBytes: signature over re-serialized JSON. OldT: replay.
  @Test
  void what_is_not_signed_or_old_is_refused() throws Exception {
    String intent = STRIPE.pay(begun("25").path("url").asText(), 0);
    String body = STRIPE.event("evt_forged", "payment_intent.succeeded", intent);
    long now = System.currentTimeMillis() / 1_000;
    String good = FakeStripe.signature(body, now);
    assertThat(deliver(body, "t=" + now + ",v1=00")).isEqualTo(400);
    assertThat(deliver(body + " ", good)).isEqualTo(400);
    assertThat(deliver(JSON.readTree(body).toString(), good)).isEqualTo(400);
    assertThat(deliver(body, FakeStripe.signature(body, now - 400))).isEqualTo(400);
    assertThat(deliver(body, good.replace("t=" + now, "t=" + (now - 1)))).isEqualTo(400);
    assertThat(deliver(body, "t=1," + good)).isEqualTo(400);
    assertThat(balance().path("balance").asText()).isEqualTo("0");
    assertThat(deliver(body, good)).isEqualTo(200);
    balanceIs("25");
  }

  /// Reversed: refund before payment. PartialRefunds: first taken twice.
  @Test
  void refunds_at_the_provider_are_taken_once_each_in_whatever_order_they_are_told()
      throws Exception {
    String intent = STRIPE.pay(begun("25").path("url").asText(), 0);
    STRIPE.refunded(intent, 500);
    send("charge.refunded", intent);
    send("payment_intent.succeeded", intent);
    balanceIs("20");
    STRIPE.refunded(intent, 800);
    send("charge.refunded", intent);
    send("charge.refunded", intent);
    balanceIs("17");
    booksAreRight();
  }

  /// Chargeback, DisputeWon: not returned.
  @Test
  void a_dispute_is_taken_owed_beyond_what_is_left_and_given_back_when_it_is_won()
      throws Exception {
    String intent = paid("25");
    STRIPE.disputed(intent, "warning_needs_response");
    send("charge.dispute.created", intent);
    world
        .admin()
        .call(
            "POST",
            "/api/billing/adjustments",
            "{\"organization_id\":\"%s\",\"usd\":\"-10\"}".formatted(organization),
            201);
    balanceIs("15");
    STRIPE.disputed(intent, "needs_response", -2_500);
    send("charge.dispute.funds_withdrawn", intent);
    balanceIs("0");
    assertThat(balance().path("debt").asText()).isEqualTo("10");
    Await.until("a refusal that names the debt", SOON, this::refusedForDebt);
    STRIPE.disputed(intent, "won", -2_500, 2_500);
    send("charge.dispute.closed", intent);
    send("charge.dispute.funds_reinstated", intent);
    balanceIs("15");
    assertThat(balance().path("debt").asText()).isEqualTo("0");
    booksAreRight();
  }

  private boolean refusedForDebt() throws Exception {
    world
        .admin()
        .call(
            "PATCH",
            "/api/platform/organizations/" + organization,
            "{\"platform_credentials\":true}",
            200);
    String key = buyer.liveKey("spender").key();
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .post(
                  "/v1/chat/completions",
                  key,
                  "{\"model\":\"local/gpt-4o-mini\",\"max_tokens\":20,\"messages\":[]}")
              .answer();
      return answer.status() == 402 && answer.text().contains("account_in_debt");
    }
  }

  /// Tax: credited.
  @Test
  void tax_is_no_credit_and_goes_back_with_its_share() throws Exception {
    String intent = STRIPE.pay(begun("100").path("url").asText(), 1_900);
    send("payment_intent.succeeded", intent);
    balanceIs("100");
    STRIPE.refunded(intent, 11_900);
    send("charge.refunded", intent);
    balanceIs("0");
    booksAreRight();
  }

  private HttpResponse<String> refund(String topup, String usd) throws Exception {
    return world
        .admin()
        .send(
            "POST",
            "/api/billing/refunds",
            "{\"topup_id\":\"%s\",\"usd\":\"%s\"}".formatted(topup, usd));
  }

  private record Purchase(String topup, String intent) {}

  private Purchase purchase(String usd, long tax) throws Exception {
    JsonNode begun = begun(usd);
    String intent = STRIPE.pay(begun.path("url").asText(), tax);
    send("checkout.session.completed", intent);
    balanceIs(usd);
    return new Purchase(begun.path("id").asText(), intent);
  }

  @Test
  void a_purchase_goes_back_to_its_card_once_and_what_stripe_tells_of_it_takes_nothing()
      throws Exception {
    Purchase bought = purchase("25", 0);
    JsonNode done = JSON.readTree(refund(bought.topup(), "10").body());
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("done");
    assertThat(done.path("balance").asText()).isEqualTo("15");
    assertThat(STRIPE.givenBack(bought.intent())).isEqualTo(1_000);
    FakeStripe.Call call = STRIPE.posts("/v1/refunds").getLast();
    assertThat(call.key()).isEqualTo(done.path("id").asText()).startsWith("ref_");

    assertThat(refund(bought.topup(), "1").statusCode()).as("twice").isEqualTo(409);
    send("charge.refunded", bought.intent());
    STRIPE.refunded(bought.intent(), 1_200);
    send("charge.refunded", bought.intent());
    balanceIs("13");
    JsonNode topup = buyer.call("GET", "/api/billing/topups/" + bought.topup(), "", 200);
    assertThat(topup.path("refunded").asText()).isEqualTo("12");
    JsonNode entry = buyer.call("GET", "/api/billing/ledger", "", 200).path("data").path(1);
    assertThat(entry.path("kind").asText()).isEqualTo("refund");
    assertThat(entry.path("usd").asText()).isEqualTo("10");
    booksAreRight();
  }

  @Test
  void a_purchase_goes_back_with_its_share_of_tax() throws Exception {
    Purchase bought = purchase("100", 1_900);
    assertThat(refund(bought.topup(), "33.33").statusCode()).isEqualTo(201);
    assertThat(STRIPE.givenBack(bought.intent())).isEqualTo(3_966);
    send("charge.refunded", bought.intent());
    // When another purchase is there, what was told before has been looked at.
    String other = STRIPE.pay(begun("1").path("url").asText(), 0);
    send("payment_intent.succeeded", other);
    balanceIs("67.67");
    booksAreRight();
  }

  @Test
  void only_what_was_paid_and_nobody_used_goes_back() throws Exception {
    Purchase bought = purchase("25", 0);
    for (String usd : new String[] {"25.01", "0", "-1", "1.005", "x"}) {
      assertThat(refund(bought.topup(), usd).statusCode()).as(usd).isEqualTo(422);
    }
    assertThat(refund("top_none", "1").statusCode()).isEqualTo(404);
    assertThat(refund("req_1", "1").statusCode()).isEqualTo(422);
    String open = begun("5").path("id").asText();
    assertThat(refund(open, "5").statusCode()).as("not paid").isEqualTo(422);
    assertThat(
            world
                .admin()
                .send(
                    "POST",
                    "/api/billing/refunds",
                    "{\"topup_id\":\"%s\",\"request_id\":\"req_1\",\"usd\":\"1\"}"
                        .formatted(bought.topup()))
                .statusCode())
        .isEqualTo(422);
    assertThat(
            buyer
                .send(
                    "POST",
                    "/api/billing/refunds",
                    "{\"topup_id\":\"%s\",\"usd\":\"1\"}".formatted(bought.topup()))
                .statusCode())
        .as("the local administrator acting there")
        .isEqualTo(201);
    Purchase other = secondPurchase();
    spend("40");
    world
        .admin()
        .call(
            "POST",
            "/api/billing/grants",
            "{\"organization_id\":\"%s\",\"usd\":\"50\",\"kind\":\"promotional\"}"
                .formatted(organization),
            201);
    HttpResponse<String> much = refund(other.topup(), "20");
    assertThat(much.statusCode()).as("nobody paid for the rest").isEqualTo(422);
    assertThat(much.body()).contains("at most 9,");
    assertThat(refund(other.topup(), "9").statusCode()).isEqualTo(201);
    balanceIs("50");
    booksAreRight();
  }

  private Purchase secondPurchase() throws Exception {
    JsonNode begun = begun("25");
    String intent = STRIPE.pay(begun.path("url").asText(), 0);
    send("checkout.session.completed", intent);
    balanceIs("49");
    return new Purchase(begun.path("id").asText(), intent);
  }

  @Test
  void what_stripe_refuses_the_wallet_gets_back_and_may_be_tried_again() throws Exception {
    Purchase bought = purchase("25", 0);
    STRIPE.refuseRefunds("charge_disputed");
    HttpResponse<String> refused = refund(bought.topup(), "10");
    assertThat(refused.statusCode()).isEqualTo(502);
    assertThat(refused.body()).contains("charge_disputed");
    balanceIs("25");
    booksAreRight();
    STRIPE.refuseRefunds("");
    assertThat(refund(bought.topup(), "25").statusCode()).isEqualTo(201);
    balanceIs("0");
    booksAreRight();
  }

  @Test
  void a_refund_whose_answers_are_lost_is_found_and_made_once() throws Exception {
    Purchase bought = purchase("25", 0);
    STRIPE.loseAnswers(3);
    JsonNode begun = JSON.readTree(refund(bought.topup(), "10").body());
    assertThat(begun.path("state").asText()).isEqualTo("begun");
    balanceIs("15");
    assertThat(refund(bought.topup(), "1").statusCode()).isEqualTo(409);
    String id = begun.path("id").asText();
    sql("UPDATE topup_refund SET due_millis = 1 WHERE id = '%s'".formatted(id));
    Await.until("its end", SOON, () -> sql(id).equals("done"));
    assertThat(STRIPE.givenBack(bought.intent())).isEqualTo(1_000);
    booksAreRight();
  }

  private static String sql(String statementOrId) throws Exception {
    String url = "jdbc:sqlite:" + world.data().resolve("gatewright.db");
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection(url);
        java.sql.Statement statement = connection.createStatement()) {
      if (statementOrId.startsWith("UPDATE")) {
        statement.execute("PRAGMA busy_timeout = 10000");
        statement.execute(statementOrId);
        return "";
      }
      try (java.sql.ResultSet row =
          statement.executeQuery(
              "SELECT state FROM topup_refund WHERE id = '%s'".formatted(statementOrId))) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }

  private void automatic(String usd) throws Exception {
    buyer.call(
        "PUT",
        "/api/billing/auto-topup",
        "{\"below\":\"5\",\"to\":\"%s\",\"per_month_max\":\"100\"}".formatted(usd),
        200);
  }

  private String state() throws Exception {
    return buyer.call("GET", "/api/billing/auto-topup", "", 200).path("state").asText();
  }

  private void spend(String usd) throws Exception {
    world
        .admin()
        .call(
            "POST",
            "/api/billing/adjustments",
            "{\"organization_id\":\"%s\",\"usd\":\"-%s\"}".formatted(organization, usd),
            201);
  }

  /// TwoTriggers: two charges. Timeout: charged twice.
  @Test
  void a_card_is_charged_by_itself_once_though_the_answer_is_lost() throws Exception {
    assertThat(state()).isEqualTo("off");
    automatic("20");
    assertThat(state()).isEqualTo("needs_payment");
    paid("25");
    assertThat(state()).isEqualTo("on");
    int before = STRIPE.charges();
    STRIPE.loseAnswers(2);
    spend("22.50");
    balanceIs("20");
    assertThat(STRIPE.charges()).isEqualTo(before + 1);
    FakeStripe.Call call = STRIPE.posts("/v1/payment_intents").getLast();
    assertThat(call.form())
        .containsEntry("amount", "1750")
        .containsEntry("off_session", "true")
        .containsEntry("error_on_requires_action", "true")
        .containsEntry("customer", "cus_1");
    assertThat(call.key()).isEqualTo(call.form().get("metadata[topup]")).startsWith("top_");
    booksAreRight();
  }

  /// Sca: stuck intent. Declines: card hammered.
  @Test
  void a_declined_card_is_not_hammered_and_one_that_wants_a_person_is_paused() throws Exception {
    paid("25");
    automatic("20");
    STRIPE.decline("insufficient_funds");
    int before = STRIPE.posts("/v1/payment_intents").size();
    spend("24");
    Await.until("one try", SOON, () -> STRIPE.posts("/v1/payment_intents").size() == before + 1);
    String tried = "/api/billing/topups/" + STRIPE.posts("/v1/payment_intents").getLast().key();
    Await.until(
        "its answer is written down",
        SOON,
        () -> buyer.call("GET", tried, "", 200).path("state").asText().equals("failed"));
    STRIPE.decline("authentication_required");
    // Set anew: it may be charged at once.
    automatic("20");
    Await.until("a pause", SOON, () -> state().equals("paused"));
    assertThat(STRIPE.posts("/v1/payment_intents")).hasSize(before + 2);
    assertThat(balance().path("balance").asText()).isEqualTo("1");
  }

  @Test
  void says_what_is_wrong_with_money() throws Exception {
    for (String usd : new String[] {"0", "0.5", "1.001", "-1", "1e3", "100001", ""}) {
      HttpResponse<String> answer =
          buyer.send("POST", "/api/billing/topups", "{\"usd\":\"%s\"}".formatted(usd));
      assertThat(answer.statusCode()).as(usd).isEqualTo(422);
    }
    for (String bad :
        new String[] {
          "{\"below\":\"5\",\"to\":\"5\",\"per_month_max\":\"9\"}",
          "{\"below\":\"5\",\"to\":\"20\",\"per_month_max\":\"9\"}",
          "{\"below\":\"5\"}"
        }) {
      assertThat(buyer.send("PUT", "/api/billing/auto-topup", bad).statusCode())
          .as(bad)
          .isEqualTo(422);
    }
    assertThat(buyer.send("PUT", "/api/billing/auto-topup", "{}").statusCode()).isEqualTo(200);
  }
}
