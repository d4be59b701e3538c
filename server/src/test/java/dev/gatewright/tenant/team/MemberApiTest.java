package dev.gatewright.tenant.team;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Role;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.rest.Permission;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// /api/team/members and …/transfer over HTTP.
class MemberApiTest {
  private static String path(Caller member) {
    return "/api/team/members/" + member.id;
  }

  private static String role(Role role) {
    return "{\"role\":\"%s\"}".formatted(role.word());
  }

  @EachDatabase
  void grant_never_exceeds_grantor(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      stack.member(org, Role.OWNER, "first@x.test");
      for (Role grantor : Role.values()) {
        Caller caller = stack.member(org, grantor, "g-" + grantor.word() + "@x.test");
        boolean writes = grantor.extent(Permission.MEMBER_WRITE) != Extent.NONE;
        for (Role before : Role.values()) {
          for (Role wanted : Role.values()) {
            Caller target =
                stack.member(
                    org,
                    before,
                    "%s%s%s@x.test".formatted(grantor.word(), before.word(), wanted.word()));
            boolean may =
                writes
                    && (before != Role.OWNER || grantor == Role.OWNER)
                    && (before == wanted || wanted.within(grantor));
            Answer answer = caller.patch(path(target), role(wanted));
            assertThat(answer.status() == 200)
                .as("%s makes a %s a %s: %s", grantor, before, wanted, answer.body())
                .isEqualTo(may);
            if (!may) {
              assertThat(answer.status()).isIn(403, 404);
            }
          }
        }
      }
    }
  }

  @EachDatabase
  void a_key_grants_what_an_admin_may_and_one_with_rules_nothing(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller viewer = stack.member(org, Role.VIEWER, "v@x.test");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Caller key = stack.key(stack.adminKey(org));
      assertThat(key.patch(path(viewer), role(Role.ADMIN)).status()).isEqualTo(200);
      assertThat(key.patch(path(viewer), role(Role.OWNER)).status()).isEqualTo(403);
      assertThat(key.patch(path(owner), role(Role.ADMIN)).status()).isEqualTo(403);
      assertThat(key.delete(path(owner)).status()).isEqualTo(403);
      Answer narrow =
          key.post("/api/keys", "{\"name\":\"n\",\"kind\":\"admin\",\"models\":[\"fast\"]}");
      Caller confined = stack.key(narrow.text("/key"));
      assertThat(confined.patch(path(viewer), role(Role.VIEWER)).status()).isEqualTo(403);
      assertThat(confined.delete(path(viewer)).status()).isEqualTo(403);
      assertThat(key.delete(path(viewer)).status()).isEqualTo(200);
      assertThat(key.get(path(viewer)).status()).isEqualTo(404);
    }
  }

  @EachDatabase
  void the_last_owner_stays_and_what_concerns_owners_asks_for_a_proof(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Answer leaving = owner.delete(path(owner));
      assertThat(leaving.status()).isEqualTo(409);
      assertThat(leaving.text("/error/code")).isEqualTo("last_owner");
      assertThat(owner.patch(path(owner), role(Role.ADMIN)).text("/error/code"))
          .isEqualTo("last_owner");
      assertThat(stack.local().in(org).delete(path(owner)).text("/error/code"))
          .isEqualTo("last_owner");
      Caller second = stack.member(org, Role.ADMIN, "a@x.test");
      stack.proved(owner, 11 * 60_000);
      assertThat(owner.patch(path(second), role(Role.OWNER)).text("/error/code"))
          .isEqualTo("step_up_required");
      assertThat(owner.patch(path(second), role(Role.VIEWER)).status()).isEqualTo(200);
      stack.proved(owner, 0);
      assertThat(owner.patch(path(second), role(Role.OWNER)).status()).isEqualTo(200);
      assertThat(owner.delete(path(owner)).status()).isEqualTo(200);
      assertThat(owner.get("/api/team/members").status()).isEqualTo(404);
      assertThat(second.get("/api/team/members").body().at("/data")).hasSize(1);
    }
  }

  @EachDatabase
  void everybody_may_leave_and_only_some_take_others_out(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Caller other = stack.member(org, Role.DEVELOPER, "other@x.test");
      for (Role role : List.of(Role.DEVELOPER, Role.BILLING, Role.VIEWER)) {
        Caller member = stack.member(org, role, role.word() + "@x.test");
        int expected = role == Role.BILLING ? 404 : 403;
        assertThat(member.delete(path(owner)).status()).as(role.word()).isEqualTo(expected);
        assertThat(member.delete(path(other)).status())
            .as(role.word())
            .isEqualTo(role == Role.VIEWER ? 403 : 404);
        assertThat(member.delete("/api/team/members/per_none").status()).isEqualTo(404);
        assertThat(member.delete(path(member)).status()).isEqualTo(200);
        assertThat(member.get("/api/organizations/" + org).status()).isEqualTo(404);
      }
      Caller operator = stack.person("op@x.test", true);
      assertThat(stack.acting(operator, org, true).delete(path(other)).status()).isEqualTo(403);
      assertThat(stack.acting(operator, org, true).patch(path(other), role(Role.ADMIN)).status())
          .isEqualTo(403);
    }
  }

  @EachDatabase
  void member_removed_personal_keys_dead_project_keys_live(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Caller developer = stack.member(org, Role.DEVELOPER, "d@x.test", stack.firstProject(org));
      Answer personal = developer.post("/api/keys", "{\"name\":\"mine\"}");
      assertThat(personal.status()).isEqualTo(201);
      Answer projects = owner.post("/api/keys", "{\"name\":\"ours\"}");
      Answer removed = owner.delete(path(developer));
      assertThat(removed.body().at("/disabled_keys").toString())
          .isEqualTo("[\"%s\"]".formatted(personal.text("/id")));
      assertThat(stack.test.find(Secret.of(personal.text("/key"))))
          .isInstanceOf(KeyLookup.Rejected.class);
      assertThat(stack.test.find(Secret.of(projects.text("/key"))))
          .isInstanceOf(KeyLookup.Found.class);
      assertThat(owner.get("/api/keys/" + personal.text("/id")).text("/state"))
          .isEqualTo("disabled");
    }
  }

  @EachDatabase
  void a_lowered_member_keeps_no_key_that_may_more(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Caller admin = stack.member(org, Role.ADMIN, "a@x.test");
      String first = stack.firstProject(org);
      String second = owner.post("/api/projects", "{\"name\":\"Second\"}").text("/id");
      String made = "{\"name\":\"k\",\"owner\":\"%s\",\"kind\":\"%s\",\"project_id\":\"%s\"}";
      Answer power = admin.post("/api/keys", made.formatted(admin.id, "admin", first));
      Answer kept = admin.post("/api/keys", made.formatted(admin.id, "live", first));
      Answer lost = admin.post("/api/keys", made.formatted(admin.id, "live", second));
      assertThat(lost.status()).as(lost.body().toString()).isEqualTo(201);
      Answer lowered =
          owner.patch(
              path(admin), "{\"role\":\"developer\",\"projects\":[\"%s\"]}".formatted(first));
      assertThat(lowered.body().at("/projects").toString()).isEqualTo("[\"%s\"]".formatted(first));
      assertThat(stack.test.find(Secret.of(power.text("/key"))))
          .isInstanceOf(KeyLookup.Rejected.class);
      assertThat(stack.test.find(Secret.of(lost.text("/key"))))
          .isInstanceOf(KeyLookup.Rejected.class);
      assertThat(stack.test.find(Secret.of(kept.text("/key")))).isInstanceOf(KeyLookup.Found.class);
    }
  }

  @EachDatabase
  void projects_are_for_developers_and_of_the_organization(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      String foreign = stack.firstProject(stack.organization("Other"));
      String own = stack.firstProject(org);
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      Caller viewer = stack.member(org, Role.VIEWER, "v@x.test");
      String with = "{\"role\":\"%s\",\"projects\":[\"%s\"]}";
      assertThat(owner.patch(path(viewer), with.formatted("viewer", own)).text("/error/param"))
          .isEqualTo("/projects");
      assertThat(
              owner.patch(path(viewer), with.formatted("developer", foreign)).text("/error/param"))
          .isEqualTo("/projects/0");
      Answer granted = owner.patch(path(viewer), with.formatted("developer", own));
      assertThat(granted.status()).isEqualTo(200);
      Answer kept = owner.patch(path(viewer), "{}");
      assertThat(kept.tag()).isEqualTo(granted.tag());
      assertThat(
              owner
                  .call("PATCH", path(viewer), "{\"projects\":[]}", Map.of("if-match", "\"old\""))
                  .status())
          .isEqualTo(412);
      assertThat(owner.patch(path(viewer), "{\"projects\":[]}").body().at("/projects")).isEmpty();
      assertThat(owner.patch(path(viewer), with.formatted("developer", own)).status())
          .isEqualTo(200);
      assertThat(owner.patch(path(viewer), role(Role.VIEWER)).body().at("/projects")).isEmpty();
      assertThat(owner.patch(path(viewer), "{\"role\":\"king\"}").text("/error/param"))
          .isEqualTo("/role");
    }
  }

  @EachDatabase
  void a_developer_sees_who_shares_a_project_and_no_more_of_the_others(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      Caller owner = stack.member(org, Role.OWNER, "o@x.test");
      String a = stack.firstProject(org);
      String b = owner.post("/api/projects", "{\"name\":\"B\"}").text("/id");
      Caller one = stack.member(org, Role.DEVELOPER, "one@x.test", a);
      Caller both = stack.member(org, Role.DEVELOPER, "two@x.test", a, b);
      Caller hidden = stack.member(org, Role.DEVELOPER, "three@x.test", b);
      Caller billing = stack.member(org, Role.BILLING, "bill@x.test");
      List<String> seen = new ArrayList<>();
      for (JsonNode member : one.get("/api/team/members").body().at("/data")) {
        seen.add(member.path("person_id").asText());
      }
      assertThat(seen).containsExactlyInAnyOrder(owner.id, one.id, both.id);
      assertThat(one.get(path(both)).body().at("/projects").toString())
          .isEqualTo("[\"%s\"]".formatted(a));
      assertThat(one.get(path(hidden)).error()).isEqualTo(one.get(path(billing)).error());
      assertThat(one.get(path(hidden)).status()).isEqualTo(404);
      assertThat(owner.get("/api/team/members").body().at("/data")).hasSize(5);
      Answer page = owner.get("/api/team/members?limit=2");
      assertThat(one.get("/api/team/members?limit=2&cursor=" + page.text("/next_cursor")).status())
          .isEqualTo(400);
    }
  }

  @EachDatabase
  void an_owner_hands_over_and_the_machine_appoints(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String org = stack.organization("Acme");
      String path = "/api/organizations/" + org + "/transfer";
      String to = "{\"person_id\":\"%s\"}";
      Caller stranger = stack.person("s@x.test");
      assertThat(stack.local().post(path, to.formatted("per_none")).status()).isEqualTo(404);
      assertThat(stack.local().post(path, to.formatted(stranger.id)).text("/role"))
          .isEqualTo("owner");
      Caller admin = stack.member(org, Role.ADMIN, "a@x.test");
      assertThat(admin.post(path, to.formatted(admin.id)).status()).isEqualTo(403);
      assertThat(stranger.post(path, to.formatted(stranger.id)).status()).isEqualTo(422);
      assertThat(stranger.post(path, to.formatted(stack.person("x@x.test").id)).status())
          .isEqualTo(404);
      stack.proved(stranger, 11 * 60_000);
      assertThat(stranger.post(path, to.formatted(admin.id)).text("/error/code"))
          .isEqualTo("step_up_required");
      stack.proved(stranger, 0);
      assertThat(stranger.post(path, to.formatted(admin.id)).text("/role")).isEqualTo("owner");
      assertThat(stranger.get("/api/organizations/" + org).text("/role")).isEqualTo("admin");
      assertThat(stranger.post(path, to.formatted(stranger.id)).status()).isEqualTo(403);
    }
  }
}
