package dev.gatewright.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyStack;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

class RuleApiTest {
  private static final String RULES = "/api/policy/rules";

  private static String rule(String on, @Nullable String id, String effect, String... values) {
    String subject = id == null ? "" : "\"id\":\"%s\",".formatted(id);
    return "{\"on\":\"%s\",%s\"effect\":\"%s\",\"type\":\"models\",\"values\":[\"%s\"],\"name\":\"n\"}"
        .formatted(on, subject, effect, String.join("\",\"", values));
  }

  private static Answer added(KeyStack stack, String body) {
    Answer answer = stack.post(RULES, body);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    return answer;
  }

  private static Set<String> ids(KeyStack stack, String query) {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      Answer page = stack.get(RULES + "?limit=2" + query + cursor);
      assertThat(page.status()).as("%s", page.body()).isEqualTo(200);
      assertThat(page.body().at("/data").size()).isLessThanOrEqualTo(2);
      page.body()
          .at("/data")
          .forEach(rule -> assertThat(ids.add(rule.at("/id").asText())).isTrue());
      JsonNode next = page.body().at("/next_cursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.asText();
    } while (!cursor.isEmpty());
    return ids;
  }

  @EachDatabase
  void a_rule_of_each_layer_is_added_shown_found_and_removed(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String organization = stack.test.owner().organizationId();
      String project = stack.project("prj_more");
      String person = stack.member("per_ana", "developer");
      String key = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      List<String> subjects = List.of(organization, project, person, key);
      List<String> layers = List.of("organization", "project", "member", "key");
      Set<String> all = new HashSet<>();
      for (int i = 0; i < layers.size(); i++) {
        for (String model : List.of("a", "b")) {
          Answer made = added(stack, rule(layers.get(i), subjects.get(i), "deny", model));
          assertThat(made.text("/id")).startsWith("rule_");
          assertThat(made.text("/on")).isEqualTo(layers.get(i));
          assertThat(made.text("/subject_id")).isEqualTo(subjects.get(i));
          assertThat(made.text("/name")).isEqualTo("n");
          Answer shown = stack.get(RULES + "/" + made.text("/id"));
          assertThat(shown.body()).isEqualTo(made.body());
          assertThat(shown.raw().headers().firstValue("etag")).isPresent();
          all.add(made.text("/id"));
        }
      }
      assertThat(ids(stack, "")).isEqualTo(all);
      for (int i = 0; i < layers.size(); i++) {
        Set<String> on = ids(stack, "&on=" + layers.get(i));
        assertThat(on).hasSize(2).isSubsetOf(all);
        assertThat(ids(stack, "&id=" + subjects.get(i))).isEqualTo(on);
      }
      List<String> left = new ArrayList<>(all);
      while (!left.isEmpty()) {
        String id = left.removeLast();
        assertThat(stack.call(stack.local, "DELETE", RULES + "/" + id, "").status()).isEqualTo(204);
        assertThat(stack.get(RULES + "/" + id).status()).isEqualTo(404);
        assertThat(stack.call(stack.local, "DELETE", RULES + "/" + id, "").status()).isEqualTo(404);
        assertThat(ids(stack, "")).isEqualTo(Set.copyOf(left));
      }
    }
  }

  @EachDatabase
  void a_keys_rules_are_the_same_here_and_at_the_key(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer key = stack.post("/api/keys", "{\"name\":\"k\",\"models\":[\"fast\"]}");
      String keyId = key.text("/id");
      Answer page = stack.get(RULES + "?on=key&id=" + keyId);
      assertThat(page.body().at("/data")).hasSize(1);
      assertThat(page.text("/data/0/values/0")).isEqualTo("fast");
      assertThat(page.body().at("/data/0/created_by").isNull()).isTrue();
      String denies = added(stack, rule("key", keyId, "deny", "slow")).text("/id");
      Answer shown = stack.get("/api/keys/" + keyId);
      assertThat(shown.body().at("/rules")).hasSize(2);
      assertThat(shown.text("/rules/1/name")).isEqualTo("n");
      // The same again is the same rule.
      assertThat(added(stack, rule("key", keyId, "deny", "slow")).text("/id")).isEqualTo(denies);
      assertThat(stack.get("/api/keys/" + keyId).body().at("/rules")).hasSize(2);
      stack.call(stack.local, "DELETE", RULES + "/" + page.text("/data/0/id"), "");
      assertThat(stack.get("/api/keys/" + keyId).body().at("/rules")).hasSize(1);
      stack.call(stack.local, "PATCH", "/api/keys/" + keyId, "{\"rules\":null}");
      assertThat(stack.get(RULES + "/" + denies).status()).isEqualTo(404);
      assertThat(stack.test.audit().stream().map(AuditEntry::action).filter("key.edit"::equals))
          .hasSize(3);
    }
  }

  @EachDatabase
  void calls_are_held_against_it_from_then_on(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String person = stack.member("per_ana", "developer");
      String key =
          stack
              .post("/api/keys", "{\"name\":\"k\",\"owner\":\"%s\"}".formatted(person))
              .text("/key");
      assertThat(denied(stack, key, "fast")).isNull();
      String own = added(stack, rule("member", person, "allow", "slow")).text("/id");
      Refusal refusal = Objects.requireNonNull(denied(stack, key, "fast"));
      assertThat(refusal.message()).contains("the member's rule allows: allow models slow");
      assertThat(refusal.help())
          .contains(own + " (n) of the member per_ana")
          .contains("explain key_");
      assertThat(denied(stack, key, "slow")).isNull();
      String all = added(stack, rule("organization", null, "deny", "s*")).text("/id");
      assertThat(Objects.requireNonNull(denied(stack, key, "slow")).help()).contains(all);
      stack.call(stack.local, "DELETE", RULES + "/" + all, "");
      stack.call(stack.local, "DELETE", RULES + "/" + own, "");
      assertThat(denied(stack, key, "fast")).isNull();
    }
  }

  private static @Nullable Refusal denied(KeyStack stack, String key, String model) {
    Admitted admitted =
        stack.admission.admit(
            name -> name.equals("x-api-key") ? List.of(key) : List.of(), TestKeys.CLIENT);
    Caller caller = ((Admitted.Yes) admitted).caller();
    return stack.admission.allowsModel(caller, model, "local/" + model);
  }

  @EachDatabase
  void what_is_wrong_is_named(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Map<String, String> wrong =
          Map.of(
              "{\"on\":\"site\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"a\"]}",
              "/on",
              "{\"on\":\"project\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"a\"]}",
              "/id",
              "{\"on\":\"project\",\"id\":\"org_1\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"a\"]}",
              "/id",
              "{\"on\":\"organization\",\"effect\":\"may\",\"type\":\"models\",\"values\":[\"a\"]}",
              "/effect",
              "{\"on\":\"organization\",\"effect\":\"deny\",\"type\":\"moods\",\"values\":[\"a\"]}",
              "/type",
              "{\"on\":\"organization\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"a\",\"b*c\"]}",
              "/values/1",
              "{\"on\":\"organization\",\"effect\":\"deny\",\"type\":\"ip\",\"values\":[\"x\"]}",
              "/values/0",
              "{\"on\":\"organization\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[]}",
              "/values",
              "{\"on\":\"organization\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"a\"],\"name\":\"%s\"}"
                  .formatted("n".repeat(65)),
              "/name");
      wrong.forEach((body, param) -> {
        Answer answer = stack.post(RULES, body);
        assertThat(answer.status()).as(body).isEqualTo(422);
        assertThat(answer.text("/error/param")).as(body).isEqualTo(param);
      });
      for (String absent :
          List.of(
              rule("project", "prj_none", "deny", "a"),
              rule("member", "per_none", "deny", "a"),
              rule("key", "key_0000000000", "deny", "a"),
              rule("organization", "org_none", "deny", "a"))) {
        assertThat(stack.post(RULES, absent).status()).as(absent).isEqualTo(404);
      }
      assertThat(stack.get(RULES + "?on=site").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void one_owner_has_no_more_than_so_many(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      for (int i = 0; i < 64; i++) {
        added(stack, rule("organization", null, "deny", "m" + i));
      }
      Answer more = stack.post(RULES, rule("organization", null, "deny", "more"));
      assertThat(more.status()).isEqualTo(422);
      assertThat(more.text("/error/message")).contains("65 rules").contains("at most");
    }
  }

  @EachDatabase
  void who_saw_another_rule_removes_none(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String key = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      for (String body :
          List.of(rule("organization", null, "deny", "a"), rule("key", key, "deny", "a"))) {
        Answer made = added(stack, body);
        String path = RULES + "/" + made.text("/id");
        Map<String, String> other = Map.of("if-match", "\"other\"");
        assertThat(stack.call(stack.local, "DELETE", path, "", other).status()).isEqualTo(412);
        Map<String, String> seen =
            Map.of("if-match", made.raw().headers().firstValue("etag").orElseThrow());
        assertThat(stack.call(stack.local, "DELETE", path, "", seen).status()).isEqualTo(204);
      }
    }
  }

  @EachDatabase
  void each_change_is_audited(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String id = added(stack, rule("organization", null, "deny", "a")).text("/id");
      stack.call(stack.local, "DELETE", RULES + "/" + id, "");
      List<AuditEntry> entries =
          stack.test.audit().stream().filter(entry -> entry.subject().equals(id)).toList();
      assertThat(entries)
          .extracting(AuditEntry::action)
          .containsExactly("policy.rule.add", "policy.rule.remove");
      assertThat(entries.getFirst().detail()).contains("\"values\":[\"a\"]");
    }
  }

  @EachDatabase
  void roles_go_as_far_as_the_table_says(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String mine = stack.project("prj_mine");
      String dev = stack.member("per_dev", "developer", mine);
      String viewer = stack.member("per_viewer", "viewer");
      String billing = stack.member("per_billing", "billing");
      String admin = stack.member("per_admin", "admin");
      String ofOrganization = added(stack, rule("organization", null, "deny", "a")).text("/id");
      String ofMine = added(stack, rule("project", mine, "deny", "a")).text("/id");
      String other = stack.project("prj_other");
      String hidden = added(stack, rule("project", other, "deny", "a")).text("/id");
      String ofDev = added(stack, rule("member", dev, "deny", "a")).text("/id");
      String ofAdmin = added(stack, rule("member", admin, "deny", "a")).text("/id");
      String key = stack.by(dev, "POST", "/api/keys", "{\"name\":\"k\"}").text("/id");
      String ofKey = added(stack, rule("key", key, "deny", "a")).text("/id");
      String foreign =
          stack.post("/api/keys", "{\"name\":\"k\",\"project_id\":\"prj_mine\"}").text("/id");
      String ofForeign = added(stack, rule("key", foreign, "deny", "a")).text("/id");

      List<String> seen = stack.by(dev, "GET", RULES, "").body().at("/data").findValuesAsText("id");
      assertThat(seen).containsExactlyInAnyOrder(ofOrganization, ofMine, ofDev, ofKey);
      for (String id : List.of(hidden, ofAdmin, ofForeign)) {
        Answer none = stack.by(dev, "GET", RULES + "/" + id, "");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.text("/error/message"))
            .isEqualTo(stack.by(dev, "GET", RULES + "/rule_0", "").text("/error/message"));
      }
      assertThat(stack.by(viewer, "GET", RULES, "").body().at("/data")).hasSize(7);
      assertThat(stack.by(billing, "GET", RULES, "").status()).isEqualTo(403);
      for (String person : List.of(dev, viewer, billing)) {
        String body = rule("organization", null, "deny", "b");
        assertThat(stack.by(person, "POST", RULES, body).status()).isEqualTo(403);
        assertThat(stack.by(person, "DELETE", RULES + "/" + ofMine, "").status()).isIn(403, 404);
      }
      assertThat(stack.by(admin, "POST", RULES, rule("organization", null, "deny", "b")).status())
          .isEqualTo(201);
    }
  }

  @EachDatabase
  void an_admin_key_with_rules_changes_no_outer_layer(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String outer = added(stack, rule("organization", null, "deny", "a")).text("/id");
      String narrow =
          stack
              .post("/api/keys", "{\"name\":\"k\",\"kind\":\"admin\",\"models\":[\"fast\"]}")
              .text("/key");
      assertThat(
              stack.call(narrow, "POST", RULES, rule("organization", null, "deny", "b")).status())
          .isEqualTo(403);
      assertThat(stack.call(narrow, "DELETE", RULES + "/" + outer, "").status()).isEqualTo(403);
      assertThat(stack.get(RULES + "/" + outer).status()).isEqualTo(200);
    }
  }

  @EachDatabase
  void another_organizations_rules_are_not_there(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String other = stack.otherAdmin();
      String key = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      String mine = added(stack, rule("organization", null, "deny", "a")).text("/id");
      String ofKey = added(stack, rule("key", key, "deny", "a")).text("/id");
      for (String id : List.of(mine, ofKey)) {
        assertThat(stack.call(other, "GET", RULES + "/" + id, "").status()).isEqualTo(404);
        assertThat(stack.call(other, "DELETE", RULES + "/" + id, "").status()).isEqualTo(404);
      }
      assertThat(stack.call(other, "GET", RULES, "").body().at("/data")).isEmpty();
      String owner = stack.test.owner().organizationId();
      for (String body :
          List.of(
              rule("organization", owner, "deny", "a"),
              rule("project", stack.test.owner().projectId(), "deny", "a"),
              rule("key", key, "deny", "a"))) {
        assertThat(stack.call(other, "POST", RULES, body).status()).as(body).isEqualTo(404);
      }
    }
  }
}
