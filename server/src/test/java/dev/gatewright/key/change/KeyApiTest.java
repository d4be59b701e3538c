package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.policy.Rule;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Asks the real portal over HTTP as two admins of two organizations and as the local command line.
class KeyApiTest {

  @EachDatabase
  void manage_scopes_are_kept_and_only_handed_on_by_who_holds_them(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String wanted = "{\"name\":\"m\",\"services\":[\"chat\"],\"manage\":[\"chat\"]}";
      Answer made = stack.post("/api/keys", wanted);
      assertThat(made.status()).isEqualTo(201);
      assertThat(stack.get("/api/keys/" + made.text("/id")).body().at("/manages").toString())
          .isEqualTo("[\"chat\"]");
      String admin = "{\"name\":\"a\",\"kind\":\"admin\",\"services\":[\"chat\"]%s}";
      String without = stack.post("/api/keys", admin.formatted("")).text("/key");
      Answer refused = stack.call(without, "POST", "/api/keys", wanted);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text("/error/message")).contains("chat:manage");
      String rotate = "/api/keys/" + made.text("/id") + "/rotate";
      assertThat(stack.call(without, "POST", rotate, "{}").status()).isEqualTo(403);
      String with = stack.post("/api/keys", admin.formatted(",\"manage\":[\"chat\"]")).text("/key");
      assertThat(stack.call(with, "POST", "/api/keys", wanted).status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void a_key_is_made_shown_once_used_and_revoked(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer made =
          stack.post(
              "/api/keys",
              """
              {"name":"app","kind":"live","expires_in":"30d","models":["fast"],"ip":["10.0.0.0/8"],
               "rules":[{"effect":"deny","type":"providers","values":["openai"]}]}\
              """);
      assertThat(made.status()).isEqualTo(201);
      String id = made.text("/id");
      Secret text = Secret.of(made.text("/key"));
      assertThat(id).startsWith("key_");
      assertThat(made.text("/state")).isEqualTo("active");
      assertThat(made.text("/created_by")).isEqualTo("local");
      assertThat(made.body().at("/rules")).hasSize(3);
      assertThat(stack.test.find(text)).isInstanceOf(KeyLookup.Found.class);

      Answer shown = stack.get("/api/keys/" + id);
      assertThat(shown.raw().body()).doesNotContain(text.expose(), "\"key\"");
      assertThat(shown.text("/name")).isEqualTo("app");
      assertThat(stack.get("/api/keys").raw().body()).doesNotContain(text.expose());

      assertThat(stack.post("/api/keys/" + id + "/disable", "{}").text("/state"))
          .isEqualTo("disabled");
      assertThat(stack.test.find(text)).isInstanceOf(KeyLookup.Rejected.class);
      assertThat(stack.post("/api/keys/" + id + "/enable", "").text("/state")).isEqualTo("active");
      assertThat(stack.test.find(text)).isInstanceOf(KeyLookup.Found.class);
      assertThat(stack.post("/api/keys/" + id + "/revoke", "{}").text("/state"))
          .isEqualTo("revoked");
      assertThat(stack.post("/api/keys/" + id + "/revoke", "{}").status()).isEqualTo(200);
      assertThat(stack.post("/api/keys/" + id + "/enable", "{}").status()).isEqualTo(409);
      assertThat(stack.post("/api/keys/" + id + "/rotate", "{}").status()).isEqualTo(409);
      assertThat(actions(stack, id))
          .containsExactly("key.create", "key.disable", "key.enable", "key.revoke");
      assertThat(stack.test.find(text)).isInstanceOf(KeyLookup.Rejected.class);
      Await.until(() -> actions(stack, id).contains("key.revoked_key_used"));
      assertThat(stack.test.keys.audit().verify(database, stack.test.owner().organizationId()))
          .isInstanceOf(AuditLog.Walk.Intact.class);
    }
  }

  @EachDatabase
  void rotating_shows_a_new_secret_and_keeps_the_old_for_the_grace(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer made = stack.post("/api/keys", "{\"name\":\"app\"}");
      Answer rotated =
          stack.post("/api/keys/" + made.text("/id") + "/rotate", "{\"grace\":\"1h\"}");
      assertThat(rotated.status()).isEqualTo(200);
      assertThat(rotated.text("/state")).isEqualTo("rotating");
      assertThat(rotated.text("/key")).startsWith("gw_live_").isNotEqualTo(made.text("/key"));
      assertThat(verify(stack, stack.local, made.text("/key")).path("valid").asBoolean()).isTrue();
      stack.test.pass(Duration.ofHours(1));
      JsonNode verdict = verify(stack, stack.local, made.text("/key"));
      assertThat(verdict.path("valid").asBoolean()).isFalse();
      assertThat(verdict.path("state").asText()).isEqualTo("rotated_out");
      assertThat(verify(stack, stack.local, rotated.text("/key")).path("state").asText())
          .isEqualTo("active");
      assertThat(
              stack
                  .post("/api/keys/" + made.text("/id") + "/rotate", "{\"grace\":\"1y\"}")
                  .text("/error/param"))
          .isEqualTo("/grace");
    }
  }

  @EachDatabase
  void wrong_bodies_name_the_field(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      for (String[] wrong :
          new String[][] {
            {"{}", "/name"},
            {"{\"name\":\" \"}", "/name"},
            {"{\"name\":\"a\\u0007\"}", "/name"},
            {"{\"name\":\"a\",\"kind\":\"root\"}", "/kind"},
            {"{\"name\":\"a\",\"expires_in\":\"soon\"}", "/expires_in"},
            {"{\"name\":\"a\",\"expires_in\":\"0s\"}", "/expires_in"},
            {"{\"name\":\"a\",\"expires_at\":\"2001-01-01T00:00:00Z\"}", "/expires_at"},
            {
              "{\"name\":\"a\",\"expires_in\":\"1d\",\"expires_at\":\"2999-01-01T00:00:00Z\"}",
              "/expires_at"
            },
            {"{\"name\":\"a\",\"not_before\":\"tomorrow\"}", "/not_before"},
            {"{\"name\":\"a\",\"models\":[]}", "/models"},
            {"{\"name\":\"a\",\"models\":[\"a\",\"b*c\"]}", "/models/1"},
            {"{\"name\":\"a\",\"ip\":[\"10.0.0.0/33\"]}", "/ip/0"},
            {"{\"name\":\"a\",\"rules\":[{\"effect\":\"maybe\"}]}", "/rules/0/effect"},
            {"{\"name\":\"a\",\"rules\":[{\"effect\":\"deny\",\"type\":\"x\"}]}", "/rules/0/type"},
            {
              "{\"name\":\"a\",\"rules\":[{\"effect\":\"deny\",\"type\":\"ip\"}]}",
              "/rules/0/values"
            },
            {"{\"name\":\"a\",\"id\":\"key_1\"}", "/id"},
            {"{\"name\":\"a\",\"organization_id\":\"org_1\"}", "/organization_id"},
            {"{\"name\":\"a\",\"created_by\":\"local\"}", "/created_by"},
            {"{\"name\":\"a\",\"enabled\":true}", "/enabled"},
          }) {
        Answer answer = stack.post("/api/keys", wrong[0]);
        assertThat(answer.status()).as(wrong[0]).isEqualTo(422);
        assertThat(answer.text("/error/param")).as(wrong[0]).isEqualTo(wrong[1]);
      }
      assertThat(stack.post("/api/keys", "null").status()).isEqualTo(422);
      assertThat(stack.get("/api/keys?state=asleep").status()).isEqualTo(422);
      assertThat(stack.get("/api/keys?limit=201").status()).isEqualTo(422);
      assertThat(stack.get("/api/keys?cursor=%25").status()).isEqualTo(400);
      assertThat(stack.get("/api/keys").body().path("data")).isEmpty();
    }
  }

  @EachDatabase
  void lists_come_in_pages_and_by_state(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      for (int i = 0; i < 7; i++) {
        stack.post("/api/keys", "{\"name\":\"k" + i + "\",\"expires_in\":\"1h\"}");
      }
      Set<String> ids = new HashSet<>();
      String cursor = "";
      int pages = 0;
      do {
        Answer page = stack.get("/api/keys?limit=3" + cursor);
        page.body()
            .path("data")
            .forEach(key -> assertThat(ids.add(key.path("id").asText())).isTrue());
        cursor = "&cursor=" + page.text("/next_cursor");
        pages++;
        if (page.body().path("next_cursor").isNull()) {
          break;
        }
      } while (pages < 10);
      assertThat(ids).hasSize(7);
      assertThat(pages).isEqualTo(3);
      String one = ids.iterator().next();
      stack.post("/api/keys/" + one + "/revoke", "{}");
      assertThat(stack.get("/api/keys?state=revoked").text("/data/0/id")).isEqualTo(one);
      assertThat(stack.get("/api/keys?state=active").body().path("data")).hasSize(6);
      for (String none : List.of("disabled", "expired", "not_yet_valid", "rotating")) {
        assertThat(stack.get("/api/keys?state=" + none).body().path("data")).as(none).isEmpty();
      }
      stack.test.pass(Duration.ofHours(2));
      int expired = stack.get("/api/keys?state=expired").body().path("data").size();
      assertThat(expired).isBetween(6, 7);
    }
  }

  @EachDatabase
  void another_organization_sees_and_changes_nothing(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String intruder = stack.otherAdmin();
      Answer made = stack.post("/api/keys", "{\"name\":\"mine\"}");
      String path = "/api/keys/" + made.text("/id");
      assertThat(stack.call(intruder, "GET", path, "").status()).isEqualTo(404);
      for (String action : List.of("disable", "enable", "revoke", "rotate")) {
        assertThat(stack.call(intruder, "POST", path + "/" + action, "{}").status())
            .as(action)
            .isEqualTo(404);
      }
      assertThat(stack.call(intruder, "GET", "/api/keys", "").body().path("data")).hasSize(1);
      JsonNode verdict = verify(stack, intruder, made.text("/key"));
      assertThat(verdict.toString()).isEqualTo("{\"valid\":false,\"state\":\"unknown\"}");
      assertThat(stack.get(path).text("/state")).isEqualTo("active");
      // Made by the command line, yet confined to its own organization.
      assertThat(
              stack
                  .call(intruder, "POST", "/api/keys", "{\"name\":\"n\"}")
                  .text("/organization_id"))
          .isEqualTo("org_other");
    }
  }

  @EachDatabase
  void no_key_makes_or_is_handed_a_wider_one(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Rule models = new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("local/*"));
      String narrow = stack.test.make(ApiKey.Kind.ADMIN, models).text().expose();
      Answer refused = stack.call(narrow, "POST", "/api/keys", "{\"name\":\"a\"}");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text("/error/message")).contains("allow models local/*");
      assertThat(
              stack
                  .call(narrow, "POST", "/api/keys", "{\"name\":\"a\",\"models\":[\"*\"]}")
                  .status())
          .isEqualTo(403);
      assertThat(
              stack
                  .call(narrow, "POST", "/api/keys", "{\"name\":\"a\",\"models\":[\"local/x\"]}")
                  .status())
          .isEqualTo(201);
      String wide = stack.post("/api/keys", "{\"name\":\"wide\"}").text("/id");
      assertThat(stack.call(narrow, "POST", "/api/keys/" + wide + "/rotate", "{}").status())
          .isEqualTo(403);
    }
  }

  @EachDatabase
  void only_admin_keys_get_in(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String live = stack.post("/api/keys", "{\"name\":\"a\"}").text("/key");
      String test = stack.post("/api/keys", "{\"name\":\"a\",\"kind\":\"test\"}").text("/key");
      for (String key : List.of(live, test)) {
        assertThat(stack.call(key, "GET", "/api/keys", "").status()).isEqualTo(403);
        assertThat(stack.call(key, "POST", "/api/keys", "{\"name\":\"b\"}").status())
            .isEqualTo(403);
      }
      Answer junk = stack.call("junk", "GET", "/api/keys", "");
      assertThat(junk.status()).isEqualTo(401);
      assertThat(junk.raw().headers().firstValue("www-authenticate")).hasValue("Bearer");
    }
  }

  @EachDatabase
  void a_key_pasted_into_an_address_is_not_repeated(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String text = stack.post("/api/keys", "{\"name\":\"a\"}").text("/key");
      assertThat(stack.get("/api/keys/" + text).raw().body()).doesNotContain(text);
    }
  }

  private static JsonNode verify(KeyStack stack, String admin, String key) {
    return stack.call(admin, "POST", "/api/keys/verify", "{\"key\":\"" + key + "\"}").body();
  }

  private static List<String> actions(KeyStack stack, String id) {
    List<String> actions = new ArrayList<>();
    for (AuditEntry entry : stack.test.audit()) {
      if (entry.subject().equals(id)) {
        actions.add(entry.action());
      }
    }
    return actions;
  }
}
