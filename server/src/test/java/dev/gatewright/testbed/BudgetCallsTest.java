package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Hard budgets refuse what they have no room for, whoever pays; soft ones count.
class BudgetCallsTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              """
              prices:
                entries:
                  - model: local/gpt-4o-mini
                    output: 100000
                    meters: { input: 1/1M, cache_read: 1/1M, output: 1/1k }
              """));

  private static RawClient.Answer call(String key, String model, String more) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .post(
              "/v1/chat/completions",
              key,
              "{\"model\":\"%s\",\"messages\":[]%s}".formatted(model, more))
          .answer();
    }
  }

  private static JsonNode budget(String on, String usd, String more) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/budgets",
            "{\"on\":\"%s\",\"usd\":\"%s\",\"per\":\"day\"%s}".formatted(on, usd, more),
            201);
  }

  private static JsonNode standing(JsonNode budget) throws Exception {
    return world.admin().call("GET", "/api/budgets/" + budget.path("id").asText(), "", 200);
  }

  @Test
  void hard_budget_refusesWhatDoesNotFit_andSaysWhatWould() throws Exception {
    AdminClient.Key key = world.admin().liveKey("hard");
    assertThat(call(key.key(), "local/unpriced", "").status()).as("no budget").isEqualTo(200);
    JsonNode budget = budget(key.id(), "1", "");
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () -> call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":5000").status() == 402);

    RawClient.Answer refused = call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":5000");
    assertThat(refused.text()).contains("\"budget_exceeded\"").contains("\"insufficient_quota\"");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(Instant.parse(String.valueOf(refused.header("x-gatewright-resets-at"))))
        .isEqualTo(Instant.parse(budget.path("resets_at").asText()));
    long fits = Long.parseLong(String.valueOf(refused.header("x-gatewright-fits-output-tokens")));
    assertThat(fits).isBetween(900L, 1_000L);
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":" + (fits + 1)).status())
        .isEqualTo(402);
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":" + fits).status())
        .isEqualTo(200);
    assertThat(call(key.key(), "local/unpriced", ",\"max_tokens\":1").text())
        .contains("\"unpriced\"");

    Await.until(
        "the count",
        Duration.ofSeconds(20),
        () ->
            standing(budget).path("reserved").asText().equals("0")
                && !standing(budget).path("spent").asText().equals("0"));
    String purse = budget.path("id").asText() + "@%";
    for (int[] change : new int[][] {{1, 0}, {0, -1}}) {
      shift(purse, change[0], change[1]);
      JsonNode found = world.admin().call("POST", "/api/billing/verify", "{}", 200);
      assertThat(found.path("ok").asBoolean()).isFalse();
      assertThat(found.path("differences").toString())
          .contains(budget.path("id").asText())
          .contains("room, held, unposted and posted");
      shift(purse, -change[0], -change[1]);
    }
    assertThat(world.admin().call("POST", "/api/billing/verify", "{}", 200).toString())
        .isEqualTo("{\"ok\":true,\"differences\":[]}");
    world.admin().call("DELETE", "/api/budgets/" + budget.path("id").asText(), "", 204);
    Await.until(
        "no budget",
        Duration.ofSeconds(10),
        () -> call(key.key(), "local/unpriced", "").status() == 200);
  }

  /// Somebody writes into the database.
  private static void shift(String purse, int room, int posted) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      assertThat(
              statement.executeUpdate(
                  "UPDATE purse SET room = room + %d, posted = posted + %d WHERE id LIKE '%s'"
                      .formatted(room, posted, purse)))
          .isOne();
    }
  }

  @Test
  void soft_budget_countsAndRefusesNobody() throws Exception {
    AdminClient.Key key = world.admin().liveKey("soft");
    JsonNode budget = budget(key.id(), "0.000001", ",\"hard\":false,\"alerts\":[100]");
    assertThat(call(key.key(), "local/unpriced", "").status()).isEqualTo(200);
    Await.until(
        "the count",
        Duration.ofSeconds(20),
        () -> {
          assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":9").status())
              .isEqualTo(200);
          return !standing(budget).path("spent").asText().equals("0");
        });
  }

  @Test
  void call_withoutACap_getsTheLargestThatFits_andOneWithACapKeepsIt() throws Exception {
    AdminClient.Key key = world.admin().liveKey("cap");
    assertThat(sent(key, "").path("max_tokens").isMissingNode()).as("no budget").isTrue();
    budget(key.id(), "0.5", "");
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () -> call(key.key(), "local/unpriced", "").status() == 403);

    try (RawClient caller = world.caller()) {
      RawClient.Answer answer =
          caller
              .post(
                  "/v1/chat/completions",
                  key.key(),
                  "{\"model\":\"local/gpt-4o-mini\",\"messages\":[]}")
              .answer();
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.header("x-gatewright-changed")).contains("max_tokens");
    }
    assertThat(sent(key, "").path("max_tokens").asLong()).isBetween(400L, 500L);
    assertThat(sent(key, ",\"max_completion_tokens\":null").path("max_completion_tokens").asLong())
        .isBetween(400L, 500L);
    assertThat(sent(key, ",\"max_tokens\":77").path("max_tokens").asLong()).isEqualTo(77);
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":600").status()).isEqualTo(402);
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":50,\"n\":20").status())
        .isEqualTo(402);
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"max_tokens\":1.5").status()).isEqualTo(400);
  }

  private static JsonNode sent(AdminClient.Key key, String more) throws Exception {
    RawClient.Answer answer = call(key.key(), "local/gpt-4o-mini", more);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return TestPerson.JSON.readTree(world.provider().seen().getLast().body());
  }

  @Test
  void call_whoseFieldsNobodyKnowsThePriceOf_isRefused() throws Exception {
    AdminClient.Key key = world.admin().liveKey("fields");
    assertThat(call(key.key(), "local/gpt-4o-mini", ",\"turbo\":true").status()).isEqualTo(200);
    budget(key.id(), "5", "");
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () -> call(key.key(), "local/unpriced", "").status() == 403);
    for (String[] each :
        new String[][] {
          {",\"turbo\":true", "turbo"},
          {",\"web_search_options\":{}", "web_search_options"},
          {",\"tools\":[{\"type\":\"web_search\"}]", "tools.web_search"},
          {",\"modalities\":[\"audio\"]", "modalities"},
        }) {
      RawClient.Answer refused = call(key.key(), "local/gpt-4o-mini", each[0]);
      assertThat(refused.status()).as(each[0]).isEqualTo(400);
      assertThat(refused.text()).contains("unpriced_field").contains("\"" + each[1] + "\"");
      assertThat(refused.header("x-should-retry")).isEqualTo("false");
    }
    assertThat(
            call(
                    key.key(),
                    "local/gpt-4o-mini",
                    ",\"turbo\":null,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")
                .status())
        .isEqualTo(200);
  }
}
