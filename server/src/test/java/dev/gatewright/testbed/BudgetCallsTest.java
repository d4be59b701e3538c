package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
    world.admin().call("DELETE", "/api/budgets/" + budget.path("id").asText(), "", 204);
    Await.until(
        "no budget",
        Duration.ofSeconds(10),
        () -> call(key.key(), "local/unpriced", "").status() == 200);
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
}
