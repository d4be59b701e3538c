package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What has no price is refused for whom a budget limits, until key, project or organization says
/// otherwise; and a key's own output cap.
class AllowUnpricedTest {
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

  private static RawClient.Answer call(AdminClient.Key key, String model, String more)
      throws Exception {
    try (RawClient caller = world.caller()) {
      return caller
          .post(
              "/v1/chat/completions",
              key.key(),
              "{\"model\":\"%s\",\"messages\":[]%s}".formatted(model, more))
          .answer();
    }
  }

  private static void until(AdminClient.Key key, int status) throws Exception {
    Await.until(
        "status " + status,
        Duration.ofSeconds(10),
        () -> call(key, "local/unpriced", "").status() == status);
  }

  private static JsonNode say(String path, String allows) throws Exception {
    JsonNode after =
        world.admin().call("PATCH", path, "{\"allow_unpriced\":%s}".formatted(allows), 200);
    assertThat(after.path("allow_unpriced").toString()).as(path).isEqualTo(allows);
    assertThat(world.admin().call("GET", path, "", 200).path("allow_unpriced").toString())
        .isEqualTo(allows);
    return after;
  }

  private static void budget(AdminClient.Key key) throws Exception {
    world
        .admin()
        .call(
            "POST",
            "/api/budgets",
            "{\"on\":\"%s\",\"usd\":\"0.5\",\"per\":\"day\"}".formatted(key.id()),
            201);
  }

  @Test
  void unpriced_isWhatTheMostSpecificSays_andCostsNothingThatIsKnown() throws Exception {
    AdminClient.Key key = world.admin().liveKey("lax");
    budget(key);
    until(key, 403);
    assertThat(call(key, "local/unpriced", "").text())
        .contains("\"permission_error\"")
        .contains("\"unpriced\"");

    String path = "/api/keys/" + key.id();
    JsonNode shown = say(path, "true");
    until(key, 200);
    String id = String.valueOf(call(key, "local/unpriced", "").header("x-request-id"));
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () ->
            world
                .admin()
                .call("GET", "/api/usage/events?limit=100", "", 200)
                .toString()
                .contains(id));
    for (JsonNode row :
        world.admin().call("GET", "/api/usage/events?limit=100", "", 200).path("data")) {
      if (row.path("request_id").asText().equals(id)) {
        assertThat(row.path("unpriced").asBoolean()).isTrue();
        assertThat(row.path("cost").isNull()).isTrue();
      }
    }
    String project = "/api/projects/" + shown.path("project_id").asText();
    String organization = "/api/organizations/" + shown.path("organization_id").asText();
    say(path, "null");
    until(key, 403);
    say(project, "true");
    until(key, 200);
    say(path, "false");
    until(key, 403);
    say(path, "null");
    say(project, "null");
    say(organization, "true");
    until(key, 200);
    say(project, "false");
    until(key, 403);
    say(project, "null");
    say(organization, "null");
    for (String wrong : new String[] {path, project, organization}) {
      JsonNode no = world.admin().call("PATCH", wrong, "{\"allow_unpriced\":\"yes\"}", 422);
      assertThat(no.toString()).contains("/allow_unpriced");
    }
  }

  @Test
  void outputCap_ofTheKey_isTheLeastOfThree_andRefusesWhoNamesMore() throws Exception {
    JsonNode made =
        world
            .admin()
            .call("POST", "/api/keys", "{\"name\":\"capped\",\"max_output_tokens\":50}", 201);
    assertThat(made.path("max_output_tokens").asLong()).isEqualTo(50);
    AdminClient.Key key = new AdminClient.Key(made.path("id").asText(), made.path("key").asText());
    RawClient.Answer answer = call(key, "local/unpriced", "");
    assertThat(answer.header("x-gatewright-changed")).contains("max_tokens");
    assertThat(sent(key, "")).as("without a price").isEqualTo(50);
    assertThat(sent(key, ",\"max_tokens\":40")).isEqualTo(40);
    RawClient.Answer refused = call(key, "local/gpt-4o-mini", ",\"max_completion_tokens\":51");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("max_completion_tokens: 51 (expected: at most 50");
    assertThat(call(key, "local/gpt-4o-mini", ",\"max_tokens\":1e2").status()).isEqualTo(403);

    budget(key);
    until(key, 403);
    assertThat(sent(key, "")).as("fits 490").isEqualTo(50);
    String path = "/api/keys/" + key.id();
    world.admin().call("PATCH", path, "{\"max_output_tokens\":2000}", 200);
    Await.until("the new cap", Duration.ofSeconds(10), () -> sent(key, "") != 50);
    assertThat(sent(key, "")).as("what fits").isBetween(300L, 500L);
    world.admin().call("PATCH", path, "{\"max_output_tokens\":0}", 422);
    world.admin().call("PATCH", path, "{\"max_output_tokens\":1.5}", 422);
    assertThat(
            world
                .admin()
                .call("PATCH", path, "{\"max_output_tokens\":null}", 200)
                .path("max_output_tokens")
                .isNull())
        .isTrue();
  }

  private static long sent(AdminClient.Key key, String more) throws Exception {
    RawClient.Answer answer = call(key, "local/gpt-4o-mini", more);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return TestPerson.JSON
        .readTree(world.provider().seen().getLast().body())
        .path("max_tokens")
        .asLong();
  }
}
