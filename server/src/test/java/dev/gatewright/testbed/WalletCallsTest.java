package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Credit pays for calls: kept aside before anything is sent, and never overdrawn.
class WalletCallsTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              """
              prices:
                entries:
                  - model: local/gpt-4o-mini
                    meters: { input: 1/1k, cache_read: 1/1k, output: 1/1k }
              """));

  private static RawClient.Answer call(String model, int cap) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .post(
              "/v1/chat/completions",
              world.key(),
              "{\"model\":\"%s\",\"max_tokens\":%d,\"messages\":[]}".formatted(model, cap))
          .answer();
    }
  }

  private static JsonNode balance() throws Exception {
    return world.admin().call("GET", "/api/billing/balance", "", 200);
  }

  @Test
  void wallet_paysWhatCallsCost_andRefusesWhatItCannot() throws Exception {
    assertThat(call("local/gpt-4o-mini", 10).status()).as("no wallet").isEqualTo(200);
    world
        .admin()
        .call("POST", "/api/billing/refunds", "{\"topup_id\":\"top_1\",\"usd\":\"1\"}", 409);
    String organization =
        world
            .admin()
            .call("GET", "/api/organizations", "", 200)
            .path("data")
            .path(0)
            .path("id")
            .asText();
    world
        .admin()
        .call(
            "POST",
            "/api/billing/grants",
            "{\"usd\":\"1\",\"kind\":\"paid\",\"note\":\"x\",\"organization_id\":\"%s\"}"
                .formatted(organization),
            201);
    int seen = world.provider().seen().size();
    Await.until(
        "the wallet",
        Duration.ofSeconds(10),
        () -> call("local/gpt-4o-mini", 5_000).status() == 402);
    RawClient.Answer refused = call("local/gpt-4o-mini", 5_000);
    assertThat(refused.text()).contains("insufficient_quota");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(call("local/unpriced", 10).status()).isEqualTo(403);

    assertThat(call("local/gpt-4o-mini", 10).status()).isEqualTo(200);
    Await.until(
        "the bill",
        Duration.ofSeconds(20),
        () ->
            balance().path("reserved").asText().equals("0")
                && !balance().path("available").asText().equals("1"));
    assertThat(world.provider().seen().size()).isGreaterThan(seen);

    String id = String.valueOf(call("local/gpt-4o-mini", 10).header("x-request-id"));
    JsonNode why = world.admin().call("GET", "/api/billing/requests/" + id, "", 200);
    assertThat(why.path("cost").asText()).isEqualTo(why.path("billed").asText()).isNotEqualTo("0");
    assertThat(why.path("meters").path("output").asLong()).isPositive();
    assertThat(why.path("price").path("model").asText()).isEqualTo("local/gpt-4o-mini");
    assertThat(why.path("evidence").path(0).path("rung").asText()).isEqualTo("platform");
    world.admin().call("GET", "/api/billing/requests/req_none", "", 404);

    String month = java.time.YearMonth.now(java.time.ZoneOffset.UTC).toString();
    JsonNode statement = world.admin().call("GET", "/api/billing/statements/" + month, "", 200);
    assertThat(statement.path("lines").toString()).contains("\"model\":\"local/gpt-4o-mini\"");
    java.math.BigDecimal sum = new java.math.BigDecimal(statement.path("opening").asText());
    for (JsonNode line : statement.path("lines")) {
      sum = sum.add(new java.math.BigDecimal(line.path("usd").asText()));
    }
    assertThat(sum).isEqualByComparingTo(statement.path("closing").asText());
  }
}
