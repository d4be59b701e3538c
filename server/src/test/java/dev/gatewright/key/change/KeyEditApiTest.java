package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PATCH /api/keys/{id}, each status it can answer.
class KeyEditApiTest {
  private static String made(KeyStack stack, String body) {
    Answer made = stack.post("/api/keys", body);
    assertThat(made.status()).isEqualTo(201);
    return "/api/keys/" + made.text("/id");
  }

  private static Answer patch(KeyStack stack, String path, String body) {
    return stack.call(stack.local, "PATCH", path, body);
  }

  private static List<String> rules(Answer key) {
    List<String> rules = new ArrayList<>();
    for (JsonNode rule : key.body().path("rules")) {
      List<String> values = new ArrayList<>();
      rule.path("values").forEach(value -> values.add(value.asText()));
      rules.add(
          rule.path("effect").asText()
              + " "
              + rule.path("type").asText()
              + " "
              + String.join(",", values));
    }
    return rules;
  }

  @EachDatabase
  void fields_that_are_there_change_and_null_takes_away(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String path =
          made(
              stack,
              """
              {"name":"app","models":["a"],"services":["chat"],"manage":["chat"],"user":"ada",
               "expires_in":"30d","tags":["team a"],
               "rules":[{"effect":"deny","type":"providers","values":["openai"]}]}\
              """);
      Answer edited =
          patch(
              stack,
              path,
              """
              {"name":"app 2","models":["a","b"],"deny_models":["c"],"rooms":["janus"],
               "expires_at":null,"not_before":"2026-01-01T00:00:00Z","tags":["x","y","x"]}\
              """);
      assertThat(edited.status()).isEqualTo(200);
      assertThat(edited.text("/name")).isEqualTo("app 2");
      assertThat(edited.text("/user")).isEqualTo("ada");
      assertThat(edited.body().at("/expires_at").isNull()).isTrue();
      assertThat(edited.text("/not_before")).isEqualTo("2026-01-01T00:00:00Z");
      assertThat(edited.body().at("/tags").toString()).isEqualTo("[\"x\",\"y\"]");
      assertThat(rules(edited))
          .containsExactlyInAnyOrder(
              "deny providers openai",
              "allow models a,b",
              "deny models c",
              "allow services chat",
              "allow rooms janus");
      Answer freed = patch(stack, path, "{\"models\":null,\"deny_models\":null,\"rooms\":null}");
      assertThat(rules(freed))
          .containsExactlyInAnyOrder("deny providers openai", "allow services chat");
      Answer open = patch(stack, path, "{\"rules\":[],\"manage\":[]}");
      assertThat(rules(open)).isEmpty();
      assertThat(stack.get(path).body()).isEqualTo(open.body());
      assertThat(stack.test.audit().getLast().action()).isEqualTo("key.edit");
      assertThat(stack.test.audit().getLast().detail())
          .contains("\"before\"", "\"manages\":[\"chat\"]")
          .doesNotContain("app 2");
      assertThat(stack.test.audit().getLast().actor().address()).isEqualTo("10.1.2.3");
      assertThat(stack.test.audit().getLast().actor().requestId()).startsWith("req_");
    }
  }

  @EachDatabase
  void an_edit_that_changes_nothing_leaves_no_trace(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String path = made(stack, "{\"name\":\"app\"}");
      String tag = tag(stack.get(path));
      int entries = stack.test.audit().size();
      assertThat(patch(stack, path, "{\"name\":\"app\"}").status()).isEqualTo(200);
      assertThat(patch(stack, path, "{}").status()).isEqualTo(200);
      assertThat(stack.test.audit()).hasSize(entries);
      assertThat(tag(stack.get(path))).isEqualTo(tag);
    }
  }

  @EachDatabase
  void what_has_changed_since_is_412_for_every_act(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String path = made(stack, "{\"name\":\"app\"}");
      String seen = tag(stack.get(path));
      Map<String, String> ifSeen = Map.of("if-match", seen);
      Answer edited = stack.call(stack.local, "PATCH", path, "{\"name\":\"b\"}", ifSeen);
      assertThat(edited.status()).isEqualTo(200);
      assertThat(tag(edited)).isNotEqualTo(seen);
      assertThat(tag(stack.get(path))).isEqualTo(tag(edited));
      assertThat(stack.call(stack.local, "PATCH", path, "{\"name\":\"c\"}", ifSeen).status())
          .isEqualTo(412);
      for (String act : List.of("disable", "enable", "rotate", "revoke")) {
        assertThat(stack.call(stack.local, "POST", path + "/" + act, "{}", ifSeen).status())
            .as(act)
            .isEqualTo(412);
      }
      assertThat(stack.get(path).text("/state")).isEqualTo("active");
      assertThat(stack.get(path).text("/name")).isEqualTo("b");
      Map<String, String> any = Map.of("if-match", "*");
      assertThat(stack.call(stack.local, "POST", path + "/disable", "{}", any).status())
          .isEqualTo(200);
      Map<String, String> odd = Map.of("if-match", "nonsense");
      assertThat(stack.call(stack.local, "PATCH", path, "{\"name\":\"c\"}", odd).status())
          .isEqualTo(400);
    }
  }

  @EachDatabase
  void wrong_fields_are_422_and_named(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String path = made(stack, "{\"name\":\"app\",\"services\":[\"chat\"],\"manage\":[\"chat\"]}");
      Answer before = stack.get(path);
      for (String[] wrong :
          new String[][] {
            {"[]", ""},
            {"{\"name\":null}", "/name"},
            {"{\"name\":7}", "/name"},
            {"{\"kind\":\"admin\"}", "/kind"},
            {"{\"id\":\"key_1\"}", "/id"},
            {"{\"enabled\":false}", "/enabled"},
            {"{\"models\":\"a\"}", "/models"},
            {"{\"models\":[]}", "/models"},
            {"{\"models\":[\"a\",null]}", "/models/1"},
            {"{\"models\":[{}]}", "/models/0"},
            {"{\"services\":[\"Chat\"]}", "/services/0"},
            {"{\"services\":[\"tts\"]}", "/manage/0"},
            {"{\"ip\":[\"10.0.0.0/33\"]}", "/ip/0"},
            {"{\"rules\":[],\"models\":[\"a\"]}", "/rules"},
            {"{\"rules\":[{\"effect\":\"allow\",\"type\":\"models\"}]}", "/rules/0/values"},
            {
              "{\"rules\":[{\"effect\":\"allow\",\"type\":\"x\",\"values\":[\"a\"]}]}",
              "/rules/0/type"
            },
            {"{\"rules\":[{\"effect\":\"allow\",\"if\":1}]}", "/rules/0"},
            {"{\"expires_at\":\"2001-01-01T00:00:00Z\"}", "/expires_at"},
            {"{\"expires_in\":\"1d\",\"expires_at\":\"2999-01-01T00:00:00Z\"}", "/expires_at"},
            {"{\"expires_in\":\"1h\",\"not_before\":\"2099-01-01T00:00:00Z\"}", "/not_before"},
            {"{\"tags\":[\"\"]}", "/tags/0"},
          }) {
        Answer answer = patch(stack, path, wrong[0]);
        assertThat(answer.status()).as(wrong[0]).isIn(422);
        assertThat(answer.text("/error/param")).as(wrong[0]).startsWith(wrong[1]);
      }
      assertThat(patch(stack, path, "{\"name\":").status()).isEqualTo(400);
      assertThat(stack.get(path).body()).isEqualTo(before.body());
      assertThat(patch(stack, "/api/keys/key_0000000000", "{}").status()).isEqualTo(404);
      assertThat(stack.call(stack.otherAdmin(), "PATCH", path, "{\"name\":\"x\"}").status())
          .isEqualTo(404);
      stack.post(path + "/revoke", "{}");
      assertThat(patch(stack, path, "{\"name\":\"x\"}").status()).isEqualTo(409);
    }
  }

  @EachDatabase
  void no_admin_key_reaches_beyond_itself_by_any_act(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String body = "{\"name\":\"%s\",\"kind\":\"%s\",\"models\":[\"local/*\"]}";
      Answer admin = stack.post("/api/keys", body.formatted("narrow", "admin"));
      String narrow = admin.text("/key");
      String wide = made(stack, "{\"name\":\"wide\"}");
      for (String act : List.of("disable", "enable", "rotate", "revoke")) {
        Answer refused = stack.call(narrow, "POST", wide + "/" + act, "{}");
        assertThat(refused.status()).as(act).isEqualTo(403);
        assertThat(refused.text("/error/message")).contains("allow models local/*");
      }
      assertThat(stack.call(narrow, "PATCH", wide, "{\"models\":[\"local/x\"]}").status())
          .isEqualTo(403);
      assertThat(stack.call(narrow, "GET", "/api/keys/export", "").status()).isEqualTo(403);
      assertThat(stack.get(wide).text("/state")).isEqualTo("active");
      String own = made(stack, body.formatted("own", "live"));
      assertThat(stack.call(narrow, "PATCH", own, "{\"name\":\"mine\"}").status()).isEqualTo(200);
      for (String wider : List.of("{\"models\":null}", "{\"models\":[\"*\"]}", "{\"rules\":[]}")) {
        assertThat(stack.call(narrow, "PATCH", own, wider).status()).as(wider).isEqualTo(403);
      }
      String itself = "/api/keys/" + admin.text("/id");
      assertThat(stack.call(narrow, "PATCH", itself, "{\"models\":null}").status()).isEqualTo(403);
      assertThat(stack.call(narrow, "POST", own + "/disable", "{}").status()).isEqualTo(200);
      // Narrowed meanwhile: what counts is the key as it stands when the change is made.
      patch(stack, itself, "{\"models\":[\"local/y\"]}");
      assertThat(stack.call(narrow, "POST", own + "/enable", "{}").status()).isEqualTo(403);
    }
  }

  @EachDatabase
  void every_page_of_an_export_is_audited(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      made(stack, "{\"name\":\"a\"}");
      Answer page = stack.get("/api/keys/export");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body().path("data")).hasSize(1);
      assertThat(stack.test.audit().getLast().action()).isEqualTo("key.export");
      assertThat(stack.test.audit().getLast().detail()).contains(page.text("/data/0/id"));
      int entries = stack.test.audit().size();
      assertThat(stack.get("/api/keys/export?cursor=zzzzzzzzz.x").status()).isEqualTo(400);
      assertThat(stack.test.audit()).hasSize(entries);
    }
  }

  private static String tag(Answer answer) {
    return answer.raw().headers().firstValue("etag").orElseThrow();
  }
}
