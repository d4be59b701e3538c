package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Actor;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.List;

/// What members of each role see and change of keys.
class KeysOfMembersTest {
  private static String body(String project, String more) {
    return "{\"name\":\"k\",\"project_id\":\"%s\"%s}".formatted(project, more);
  }

  @EachDatabase
  void a_developer_has_own_keys_in_granted_projects(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String mine = stack.project("prj_mine");
      String theirs = stack.project("prj_theirs");
      String dev = stack.member("per_dev", "developer", mine);
      Answer made = stack.by(dev, "POST", "/api/keys", body(mine, ""));
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.text("/owner")).isEqualTo(dev);
      assertThat(made.text("/created_by")).isEqualTo(dev);
      assertThat(stack.by(dev, "POST", "/api/keys", "{\"name\":\"k\"}").text("/project_id"))
          .isEqualTo(mine);
      assertThat(stack.by(dev, "POST", "/api/keys", body(theirs, "")).status()).isEqualTo(422);
      assertThat(stack.by(dev, "POST", "/api/keys", body("prj_none", "")).text("/error/message"))
          .endsWith("(expected: a project of yours)");
      assertThat(stack.by(dev, "POST", "/api/keys", body(mine, ",\"kind\":\"admin\"")).status())
          .isEqualTo(403);
    }
  }

  @EachDatabase
  void a_developer_sees_names_of_others_keys_and_nothing_of_other_projects(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String mine = stack.project("prj_mine");
      String theirs = stack.project("prj_theirs");
      String dev = stack.member("per_dev", "developer", mine);
      String other = stack.post("/api/keys", body(mine, ",\"user\":\"ana\"")).text("/id");
      String hidden = stack.post("/api/keys", body(theirs, "")).text("/id");
      Answer shown = stack.by(dev, "GET", "/api/keys/" + other, "");
      assertThat(shown.status()).isEqualTo(200);
      assertThat(shown.text("/name")).isEqualTo("k");
      assertThat(shown.body().has("user")).isFalse();
      assertThat(shown.body().has("rules")).isFalse();
      Answer absent = stack.by(dev, "GET", "/api/keys/key_0000000000", "");
      for (Answer answer :
          List.of(
              stack.by(dev, "GET", "/api/keys/" + hidden, ""),
              stack.by(dev, "POST", "/api/keys/" + hidden + "/revoke", ""))) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("/error/message")).isEqualTo(absent.text("/error/message"));
      }
      assertThat(stack.by(dev, "POST", "/api/keys/" + other + "/revoke", "").status())
          .isEqualTo(403);
      assertThat(stack.by(dev, "GET", "/api/keys", "").body().at("/data")).hasSize(1);
    }
  }

  @EachDatabase
  void a_viewer_sees_masked_keys_and_changes_none_and_billing_sees_none(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String viewer = stack.member("per_viewer", "viewer");
      String billing = stack.member("per_billing", "billing");
      String key = stack.post("/api/keys", "{\"name\":\"k\",\"user\":\"ana\"}").text("/id");
      assertThat(stack.by(viewer, "GET", "/api/keys/" + key, "").body().has("user")).isFalse();
      Answer refused = stack.by(viewer, "POST", "/api/keys", "{\"name\":\"x\"}");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text("/error/code")).isEqualTo("permission_denied");
      assertThat(refused.text("/error/message")).contains("key.write", "viewer");
      assertThat(stack.by(billing, "GET", "/api/keys/" + key, "").status()).isEqualTo(404);
      assertThat(stack.by(billing, "GET", "/api/keys", "").status()).isEqualTo(403);
    }
  }

  @EachDatabase
  void an_admin_key_takes_a_fresh_proof(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String owner = stack.member("per_owner", "owner");
      String admin = "{\"name\":\"a\",\"kind\":\"admin\"}";
      stack.provedMillis = 0;
      Answer refused = stack.by(owner, "POST", "/api/keys", admin);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text("/error/code")).isEqualTo("step_up_required");
      stack.provedMillis = stack.test.time.millis();
      assertThat(stack.by(owner, "POST", "/api/keys", admin).status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void an_owner_must_be_a_member_and_may_be_taken_away(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      stack.member("per_dev", "developer");
      Answer strange = stack.post("/api/keys", "{\"name\":\"k\",\"owner\":\"per_nobody\"}");
      assertThat(strange.status()).isEqualTo(422);
      assertThat(strange.text("/error/param")).isEqualTo("/owner");
      Answer made = stack.post("/api/keys", "{\"name\":\"k\",\"owner\":\"per_dev\"}");
      String path = "/api/keys/" + made.text("/id");
      assertThat(stack.call(stack.local, "PATCH", path, "{\"owner\":\"per_x\"}").status())
          .isEqualTo(422);
      Answer freed = stack.call(stack.local, "PATCH", path, "{\"owner\":null}");
      assertThat(freed.body().at("/owner").isNull()).isTrue();
    }
  }

  @EachDatabase
  void metadata_and_origins_are_kept_and_bounded(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String more =
          "{\"name\":\"k\",\"metadata\":{\"a\":[1,{\"b\":null}]},\"origins\":[\"https://App.example:443\"]}";
      Answer made = stack.post("/api/keys", more);
      assertThat(made.body().at("/metadata").toString()).isEqualTo("{\"a\":[1,{\"b\":null}]}");
      assertThat(made.text("/origins/0")).isEqualTo("https://app.example");
      String path = "/api/keys/" + made.text("/id");
      Answer long1 =
          stack.call(
              stack.local,
              "PATCH",
              path,
              "{\"metadata\":{\"text\":\"%s\"}}".formatted("x".repeat(10 * 1024)));
      assertThat(long1.status()).isEqualTo(422);
      assertThat(long1.text("/error/param")).isEqualTo("/metadata");
      assertThat(
              stack
                  .call(stack.local, "PATCH", path, "{\"origins\":[\"app.example\"]}")
                  .text("/error/param"))
          .isEqualTo("/origins/0");
      assertThat(
              stack
                  .call(stack.local, "PATCH", path, "{\"metadata\":null,\"origins\":null}")
                  .body()
                  .at("/metadata")
                  .size())
          .isZero();
    }
  }

  @EachDatabase
  void a_member_who_leaves_takes_own_keys_along_and_leaves_the_projects(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String dev = stack.member("per_dev", "developer");
      String own = stack.post("/api/keys", "{\"name\":\"k\",\"owner\":\"per_dev\"}").text("/id");
      String projects = stack.post("/api/keys", "{\"name\":\"k\"}").text("/id");
      List<String> disabled =
          database.write(handle -> {
            stack.test.keys.audit().lock(handle, stack.test.owner());
            return stack
                .test
                .keys
                .changes()
                .disableOf(handle, stack.test.owner(), dev, Actor.SYSTEM);
          });
      assertThat(disabled).containsExactly(own);
      assertThat(stack.get("/api/keys/" + own).text("/state")).isEqualTo("disabled");
      assertThat(stack.get("/api/keys/" + projects).text("/state")).isEqualTo("active");
      stack.leave(dev);
      String path = "/api/keys/" + own;
      assertThat(stack.post(path + "/enable", "").status()).isEqualTo(403);
      stack.call(stack.local, "PATCH", path, "{\"owner\":null}");
      assertThat(stack.post(path + "/enable", "").text("/state")).isEqualTo("active");
    }
  }

  @EachDatabase
  void the_whole_organizations_keys_are_for_who_reaches_all(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String dev = stack.member("per_dev", "developer", stack.project("prj_mine"));
      assertThat(stack.by(dev, "GET", "/api/keys/export", "").status()).isEqualTo(403);
      assertThat(stack.by(dev, "GET", "/api/keys/report", "").status()).isEqualTo(403);
      assertThat(stack.by(dev, "POST", "/api/keys/import", "{\"rows\":[]}").status())
          .isEqualTo(403);
    }
  }
}
