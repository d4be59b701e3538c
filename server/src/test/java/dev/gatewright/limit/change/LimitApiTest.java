package dev.gatewright.limit.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.change.KeyStack;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class LimitApiTest {
  private static final String LIMITS = "/api/limits";

  private static String body(String on, String kind, String max, String per) {
    return "{\"on\":\"%s\",\"kind\":\"%s\",\"max\":%s,\"per\":%s}".formatted(on, kind, max, per);
  }

  private static String requests(String on) {
    return body(on, "requests", "60", "\"minute\"");
  }

  private static Answer made(KeyStack stack, String body) {
    Answer answer = stack.post(LIMITS, body);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    return answer;
  }

  private static Set<String> seen(Answer page) {
    assertThat(page.status()).as("%s", page.body()).isEqualTo(200);
    Set<String> on = new HashSet<>();
    page.body().at("/data").forEach(limit -> on.add(limit.at("/on").asText()));
    return on;
  }

  @EachDatabase
  void aLimitOfEachLayer_isMadeShownChangedAndRemoved(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String key = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      List<String> all =
          List.of(
              stack.test.owner().organizationId(),
              stack.project("prj_more"),
              stack.member("per_ana", "developer"),
              key,
              "service:tts",
              "site:ai.example.com");
      for (String on : all) {
        Answer made = made(stack, requests(on));
        assertThat(made.text("/id")).startsWith("lim_");
        Answer shown = stack.get(LIMITS + "/" + made.text("/id"));
        assertThat(shown.body()).isEqualTo(made.body());
        assertThat(stack.post(LIMITS, requests(on)).status()).isEqualTo(409);
        made(stack, body(on, "requests", "9", "\"hour\""));
      }
      assertThat(seen(stack.get(LIMITS + "?limit=200"))).containsExactlyInAnyOrderElementsOf(all);
      assertThat(seen(stack.get(LIMITS + "?on=" + key))).containsExactly(key);

      Answer money = made(stack, body(key, "spend", "\"0.50\"", "\"hour\""));
      assertThat(money.text("/max")).isEqualTo("0.5");
      String path = LIMITS + "/" + money.text("/id");
      String tag = money.raw().headers().firstValue("etag").orElseThrow();
      Answer changed =
          stack.call(stack.local, "PATCH", path, "{\"max\":\"2\"}", Map.of("if-match", tag));
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.text("/max")).isEqualTo("2");
      Answer late =
          stack.call(stack.local, "PATCH", path, "{\"max\":\"3\"}", Map.of("if-match", tag));
      assertThat(late.status()).isEqualTo(412);
      assertThat(stack.call(stack.local, "DELETE", path, "", Map.of("if-match", tag)).status())
          .isEqualTo(412);
      assertThat(stack.call(stack.local, "DELETE", path, "").status()).isEqualTo(204);
      assertThat(stack.get(path).status()).isEqualTo(404);
      assertThat(stack.call(stack.local, "DELETE", path, "").status()).isEqualTo(404);
      assertThat(stack.get("/api/audit?action=limit.edit").body().at("/data/0/detail").toString())
          .contains("spend=0.5/hour", "spend=2/hour");
    }
  }

  @EachDatabase
  void whatIsNoLimit_is422_andNamesTheField(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String organization = stack.test.owner().organizationId();
      Map.of(
              body(organization, "many", "1", "\"hour\""), "/kind",
              body(organization, "requests", "1", "\"year\""), "/per",
              body(organization, "requests", "1", "null"), "/per",
              body(organization, "concurrency", "1", "\"hour\""), "/per",
              body(organization, "requests", "0", "\"hour\""), "/max",
              body(organization, "requests", "\"5\"", "\"hour\""), "/max",
              body(organization, "requests", "1.5", "\"hour\""), "/max",
              body(organization, "spend", "5", "\"hour\""), "/max",
              body(organization, "spend", "\"-1\"", "\"hour\""), "/max",
              body("somebody", "requests", "1", "\"hour\""), "/on")
          .forEach((wrong, field) -> {
            Answer answer = stack.post(LIMITS, wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(422);
            assertThat(answer.text("/error/param")).as(wrong).isEqualTo(field);
          });
      Answer twice =
          stack.post(
              "/api/keys",
              "{\"name\":\"k\",\"limits\":[{\"kind\":\"concurrency\",\"max\":1},{\"kind\":\"concurrency\",\"max\":2}]}");
      assertThat(twice.status()).isEqualTo(422);
      assertThat(twice.text("/error/param")).isEqualTo("/limits/1");
    }
  }

  @EachDatabase
  void others_seeAndChangeOnlyTheirOwn(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String organization = stack.test.owner().organizationId();
      String granted = stack.project("prj_granted");
      String hidden = stack.project("prj_hidden");
      String ana = stack.member("per_ana", "developer", granted);
      String theirs = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      String own =
          stack
              .by(
                  ana,
                  "POST",
                  "/api/keys",
                  "{\"name\":\"a\",\"project_id\":\"%s\",\"limits\":[{\"kind\":\"requests\",\"max\":5,\"per\":\"minute\"}]}"
                      .formatted(granted))
              .text("/id");
      String id = "";
      for (String on : List.of(organization, granted, hidden, ana, theirs)) {
        id = made(stack, requests(on)).text("/id");
      }

      assertThat(seen(stack.by(ana, "GET", LIMITS, "")))
          .containsExactlyInAnyOrder(organization, granted, ana, own);
      assertThat(stack.by(ana, "GET", LIMITS + "/" + id, "").status()).isEqualTo(404);
      assertThat(stack.by(ana, "POST", LIMITS, requests(own)).status()).isEqualTo(403);
      assertThat(stack.by(ana, "DELETE", LIMITS + "/" + id, "").status()).isIn(403, 404);

      String other = stack.otherAdmin();
      assertThat(seen(stack.call(other, "GET", LIMITS, ""))).isEmpty();
      for (String on : List.of(organization, granted, ana, theirs)) {
        assertThat(stack.call(other, "POST", LIMITS, requests(on)).status()).as(on).isEqualTo(404);
      }
      assertThat(stack.call(other, "POST", LIMITS, requests("service:tts")).status())
          .isEqualTo(403);
      assertThat(stack.call(other, "PATCH", LIMITS + "/" + id, "{\"max\":1}").status())
          .isEqualTo(404);
      assertThat(stack.call(other, "DELETE", LIMITS + "/" + id, "").status()).isEqualTo(404);
      assertThat(stack.get(LIMITS + "/" + id).status()).isEqualTo(200);

      Answer bounded =
          stack.post("/api/keys", "{\"name\":\"admin\",\"kind\":\"admin\",\"models\":[\"a\"]}");
      assertThat(
              stack
                  .call(
                      bounded.text("/key"),
                      "POST",
                      LIMITS,
                      body(granted, "requests", "1", "\"day\""))
                  .status())
          .isEqualTo(403);
    }
  }

  @EachDatabase
  void aRepeatedCreate_makesOne(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String body = requests(stack.test.owner().organizationId());
      Map<String, String> once = Map.of("idempotency-key", "one");
      Answer first = stack.call(stack.local, "POST", LIMITS, body, once);
      Answer again = stack.call(stack.local, "POST", LIMITS, body, once);
      assertThat(first.status()).isEqualTo(201);
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.text("/id")).isEqualTo(first.text("/id"));
    }
  }
}
