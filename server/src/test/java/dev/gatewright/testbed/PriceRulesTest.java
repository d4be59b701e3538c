package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rules about prices: target by target, in calls, in the models' list, in explain and in both
/// previews.
class PriceRulesTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup
              .model("pair", "local/dear", "local/cheap")
              .model("big", "local/dear")
              .model("small", "local/cheap")
              .model("nobody-knows", "local/unpriced")
              .settings(
                  """
                  prices:
                    entries:
                      - model: local/cheap
                        meters: { input: 1/1M, cache_read: 1/1M, output: 4/1M }
                      - model: local/dear
                        meters: { input: 2/1M, cache_read: 1/1M, output: 20/1M }
                        tiers: [{ when: "prompt > 200000", of: [input], meters: { input: 6/1M } }]
                  """));

  private static final String CHEAP =
      "[{\"effect\":\"allow\",\"type\":\"prices\",\"values\":[\"input<=5/1M\"]}]";

  private static RawClient.Answer call(String key, String model) throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .post(
              "/v1/chat/completions",
              key,
              "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[]}".formatted(model))
          .answer();
    }
  }

  private static AdminClient.Key key(String rules) throws Exception {
    return world.admin().createKey("{\"name\":\"thrifty\",\"rules\":%s}".formatted(rules));
  }

  @Test
  void allow_letsThroughWhatIsListedWithin_byItsDearestTier() throws Exception {
    AdminClient.Key key = key(CHEAP);
    assertThat(call(key.key(), "small").status()).isEqualTo(200);
    RawClient.Answer refused = call(key.key(), "big");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("policy_denied").contains("allow prices input<=5/1M");
    RawClient.Answer unknown = call(key.key(), "nobody-knows");
    assertThat(unknown.status()).isEqualTo(403);
    assertThat(unknown.text()).contains("which has no price");
    assertThat(call(key.key(), "pair").status()).as("its other target").isEqualTo(200);
    assertThat(
            TestPerson.JSON
                .readTree(world.provider().seen().getLast().body())
                .path("model")
                .asText())
        .isEqualTo("cheap");

    String listed;
    try (RawClient caller = world.caller()) {
      listed = caller.get("/v1/models", key.key()).answer().text();
    }
    assertThat(listed)
        .contains("\"small\"", "\"pair\"")
        .doesNotContain("\"big\"", "\"nobody-knows\"");
    JsonNode explained = explain(key, "big");
    assertThat(explained.toString())
        .contains("allow prices input<=5/1M")
        .contains("\"allowed\":false");
    assertThat(explain(key, "pair").toString()).contains("local/cheap");

    // Another price, and the rule follows it.
    world
        .admin()
        .call(
            "POST",
            "/api/prices",
            "{\"model\":\"local/unpriced\",\"meters\":{\"input\":{\"usd\":\"1\",\"per\":\"1M\"},\"output\":{\"usd\":\"1\",\"per\":\"1M\"}}}",
            201);
    Await.until(
        "the price", Duration.ofSeconds(10), () -> call(key.key(), "nobody-knows").status() == 200);
  }

  private static JsonNode explain(AdminClient.Key key, String model) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/policy/explain",
            "{\"key_id\":\"%s\",\"model\":\"%s\"}".formatted(key.id(), model),
            200);
  }

  @Test
  void deny_andLayers_andBothPreviews() throws Exception {
    AdminClient.Key key = key("[]");
    assertThat(call(key.key(), "big").status()).isEqualTo(200);
    String rule =
        "{\"on\":\"key\",\"id\":\"%s\",\"effect\":\"deny\",\"type\":\"prices\",\"values\":[\"output>10/1M\"]}"
            .formatted(key.id());
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () ->
            world
                    .admin()
                    .call("POST", "/api/policy/preview", "{\"rules\":[%s]}".formatted(rule), 200)
                    .path("refused_calls")
                    .asLong()
                == 1);
    world.admin().call("POST", "/api/policy/rules", rule, 201);
    Await.until("the rule", Duration.ofSeconds(10), () -> call(key.key(), "big").status() == 403);
    assertThat(call(key.key(), "small").status()).isEqualTo(200);

    JsonNode preview =
        world
            .admin()
            .call(
                "POST",
                "/api/keys/preview",
                "{\"name\":\"wish\",\"rules\":%s}".formatted(CHEAP),
                200);
    assertThat(preview.path("models").toString())
        .contains("\"small\"", "\"pair\"")
        .doesNotContain("\"big\"");
    assertThat(preview.path("providers")).as("not whatever their models cost").isEmpty();
    for (String wrong : new String[] {"input", "input<=5", "input<=x/1M"}) {
      JsonNode no =
          world
              .admin()
              .call(
                  "POST",
                  "/api/keys",
                  "{\"name\":\"odd\",\"rules\":[{\"effect\":\"allow\",\"type\":\"prices\",\"values\":[\"%s\"]}]}"
                      .formatted(wrong),
                  422);
      assertThat(no.toString()).contains("/rules/0/values/0").contains("expected: such as");
    }
  }
}
