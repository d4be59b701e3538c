package dev.gatewright.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.Role;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// /api/organizations and /api/platform over HTTP, as people of each role, keys, operators and the
/// command line.
class OrganizationApiTest {
  @EachDatabase
  void who_makes_an_organization_owns_it_and_only_where_people_may(Database database) {
    try (TenantStack closed = new TenantStack(database);
        TenantStack open = new TenantStack(database, true)) {
      Caller ana = open.person("ana@x.test");
      closed.person("ana@x.test");
      String body = "{\"name\":\" Acme \"}";
      assertThat(closed.new Caller(ana.id, null).post("/api/organizations", body).status())
          .isEqualTo(403);
      Answer made = ana.post("/api/organizations", body);
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.text("/id")).startsWith("org_");
      assertThat(made.text("/name")).isEqualTo("Acme");
      assertThat(made.text("/role")).isEqualTo("owner");
      assertThat(made.body().at("/platform_credentials").asBoolean()).isFalse();
      assertThat(ana.get("/api/projects").text("/data/0/name")).isEqualTo("Default project");
      Answer shown = ana.get("/api/organizations/" + made.text("/id"));
      assertThat(shown.body()).isEqualTo(made.body());
      assertThat(shown.tag()).isEqualTo(made.tag());

      String admin = open.adminKey(made.text("/id"));
      assertThat(open.key(admin).post("/api/organizations", body).status()).isEqualTo(403);
      assertThat(open.key(admin).get("/api/organizations/" + made.text("/id")).status())
          .isEqualTo(200);
      Answer other = open.local().post("/api/organizations", "{\"name\":\"Other\"}");
      assertThat(other.body().at("/role").isNull()).isTrue();
      assertThat(ana.get("/api/organizations").body().at("/data")).hasSize(1);
      assertThat(open.local().get("/api/organizations").body().at("/data")).hasSize(3);

      Answer given =
          open.local()
              .post(
                  "/api/organizations",
                  "{\"name\":\"Given\",\"owner_id\":\"%s\"}".formatted(ana.id));
      assertThat(given.status()).isEqualTo(201);
      assertThat(ana.get("/api/organizations").body().at("/data/1/role").asText())
          .isEqualTo("owner");
      assertThat(
              open.local()
                  .post("/api/organizations", "{\"name\":\"G\",\"owner_id\":\"per_nobody\"}")
                  .status())
          .isEqualTo(404);
      assertThat(
              ana.post("/api/organizations", "{\"name\":\"G\",\"owner_id\":\"per_b\"}")
                  .text("/error/param"))
          .isEqualTo("/owner_id");
      assertThat(open.test.keys.audit().verify(database, made.text("/id")))
          .isInstanceOf(AuditLog.Walk.Intact.class);
    }
  }

  @EachDatabase
  void a_create_sent_again_makes_nothing(Database database) {
    try (TenantStack stack = new TenantStack(database, true)) {
      Caller ana = stack.person("ana@x.test");
      Map<String, String> key = Map.of("idempotency-key", "one");
      String body = "{\"name\":\"Acme\"}";
      for (Caller caller : List.of(ana, stack.local())) {
        Answer first = caller.call("POST", "/api/organizations", body, key);
        Answer again = caller.call("POST", "/api/organizations", body, key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
      }
      assertThat(ana.get("/api/organizations").body().at("/data")).hasSize(1);
      Answer project = ana.call("POST", "/api/projects", body, key);
      assertThat(ana.call("POST", "/api/projects", body, key).body()).isEqualTo(project.body());
      assertThat(ana.get("/api/projects").body().at("/data")).hasSize(2);
    }
  }

  @EachDatabase
  void a_person_of_several_organizations_names_one_by_header_or_path(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String one = stack.organization("One");
      String two = stack.organization("Two");
      Caller ana = stack.member(one, Role.OWNER, "ana@x.test");
      stack.member(two, Role.VIEWER, "ana@x.test");
      assertThat(ana.get("/api/projects").status()).isEqualTo(400);
      assertThat(ana.in(two).get("/api/projects").status()).isEqualTo(200);
      assertThat(ana.get("/api/organizations/" + one).status()).isEqualTo(200);
      assertThat(ana.get("/api/organizations/" + two).text("/role")).isEqualTo("viewer");
      assertThat(ana.in(two).get("/api/organizations/" + one).status()).isEqualTo(404);
      JsonNode foreign = ana.get("/api/organizations/org_none").error();
      assertThat(ana.get("/api/organizations/" + stack.organization("Three")).error())
          .isEqualTo(foreign);
    }
  }

  @EachDatabase
  void each_role_may_what_the_table_says(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String id = stack.organization("Acme");
      String path = "/api/organizations/" + id;
      for (Role role : Role.values()) {
        Caller member = stack.member(id, role, role.word() + "@x.test");
        assertThat(member.get(path).status()).isEqualTo(200);
        boolean writes = role == Role.OWNER || role == Role.ADMIN;
        Answer renamed = member.patch(path, "{\"name\":\"By %s\"}".formatted(role.word()));
        assertThat(renamed.status()).as(role.word()).isEqualTo(writes ? 200 : 403);
        if (role != Role.OWNER) {
          assertThat(member.delete(path).text("/error/code")).isEqualTo("permission_denied");
        }
      }
      assertThat(stack.key(stack.adminKey(id)).delete(path).status()).isEqualTo(403);
      assertThat(stack.local().get("/api/platform/organizations/" + id).text("/state"))
          .isEqualTo("active");
    }
  }

  @EachDatabase
  void a_change_needs_what_was_last_seen_and_a_name_is_a_name(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String path = "/api/organizations/" + stack.organization("Acme");
      Caller local = stack.local();
      String tag = local.get(path).tag();
      Answer renamed = local.call("PATCH", path, "{\"name\":\"Beta\"}", Map.of("if-match", tag));
      assertThat(renamed.status()).isEqualTo(200);
      assertThat(renamed.tag()).isNotEqualTo(tag);
      assertThat(local.call("PATCH", path, "{\"name\":\"C\"}", Map.of("if-match", tag)).status())
          .isEqualTo(412);
      assertThat(local.call("DELETE", path, "", Map.of("if-match", tag)).status()).isEqualTo(412);
      assertThat(local.patch(path, "{\"name\":\"Beta\"}").tag()).isEqualTo(renamed.tag());
      for (String wrong : List.of("", " ", "a\\nb", "a\\u202eb", "x".repeat(101))) {
        assertThat(local.patch(path, "{\"name\":\"%s\"}".formatted(wrong)).text("/error/param"))
            .as(wrong)
            .isEqualTo("/name");
      }
      assertThat(local.patch(path, "{\"title\":\"x\"}").status()).isEqualTo(422);
    }
  }

  @EachDatabase
  void deleting_asks_for_a_proof_kills_keys_and_can_be_undone_for_seven_days(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String id = stack.organization("Acme");
      String path = "/api/organizations/" + id;
      Secret key = Secret.of(stack.key(id, ApiKey.Kind.LIVE));
      assertThat(stack.test.find(key)).isInstanceOf(KeyLookup.Found.class);
      Caller owner = stack.member(id, Role.OWNER, "own@x.test");
      Caller admin = stack.member(id, Role.ADMIN, "adm@x.test");
      stack.proved(owner, 11 * 60_000);
      assertThat(owner.delete(path).text("/error/code")).isEqualTo("step_up_required");
      stack.proved(owner, 0);
      Answer going = owner.delete(path);
      assertThat(going.status()).isEqualTo(202);
      assertThat(going.text("/state")).isEqualTo("deleting");
      assertThat(going.text("/restorable_until")).isNotEmpty();
      Await.until(() -> stack.test.find(key) instanceof KeyLookup.Rejected);
      assertThat(owner.get(path).status()).isEqualTo(404);
      assertThat(stack.local().in(id).get("/api/keys").status()).isEqualTo(404);
      assertThat(owner.get("/api/organizations").text("/data/0/state")).isEqualTo("deleting");
      assertThat(admin.get("/api/organizations").body().at("/data")).isEmpty();
      assertThat(admin.post(path + "/restore", "{}").status()).isEqualTo(404);
      assertThat(owner.post(path + "/restore", "").text("/state")).isEqualTo("active");
      Await.until(() -> stack.test.find(key) instanceof KeyLookup.Found);
      assertThat(owner.get(path).status()).isEqualTo(200);

      stack.test.pass(Duration.ofSeconds(1));
      stack.proved(owner, 0);
      assertThat(owner.delete(path).status()).isEqualTo(202);
      stack.test.pass(Organization.KEPT);
      assertThat(stack.local().post(path + "/restore", "").status()).isEqualTo(409);
      assertThat(acts(stack, id))
          .containsExactly(
              "organization.create",
              "key.create",
              "organization.delete",
              "organization.restore",
              "organization.delete");
    }
  }

  private static List<String> acts(TenantStack stack, String organization) {
    List<String> acts = new ArrayList<>();
    stack
        .test
        .keys
        .audit()
        .list(stack.test.database, organization, dev.gatewright.audit.AuditFilter.all())
        .reversed()
        .forEach(entry -> acts.add(entry.action()));
    return acts;
  }

  @EachDatabase
  void the_platforms_own_organization_stays(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String own = stack.test.owner().organizationId();
      assertThat(stack.local().delete("/api/organizations/" + own).status()).isEqualTo(409);
    }
  }

  @EachDatabase
  void the_platforms_lists_are_for_operators_and_the_machine(Database database) {
    try (TenantStack stack = new TenantStack(database)) {
      String id = stack.organization("Acme");
      Caller owner = stack.member(id, Role.OWNER, "own@x.test");
      Caller operator = stack.person("op@x.test", true);
      for (String path :
          List.of(
              "/api/platform/organizations",
              "/api/platform/organizations/" + id,
              "/api/platform/people")) {
        assertThat(owner.get(path).status()).isEqualTo(403);
        assertThat(stack.key(stack.adminKey(id)).get(path).status()).isEqualTo(403);
        assertThat(stack.acting(operator, id, true).get(path).status()).isEqualTo(403);
        assertThat(operator.get(path).status()).isEqualTo(200);
        assertThat(stack.local().get(path).status()).isEqualTo(200);
      }
      JsonNode listed = operator.get("/api/platform/organizations").body().at("/data/1");
      assertThat(listed.path("id").asText()).isEqualTo(id);
      assertThat(listed.path("members").asInt()).isEqualTo(1);
      assertThat(listed.path("projects").asInt()).isEqualTo(1);
      Answer people = operator.get("/api/platform/people?email=OWN@x.test");
      assertThat(people.body().at("/data")).hasSize(1);
      assertThat(people.body().at("/data/0/organizations").asInt()).isEqualTo(1);
      Answer page = operator.get("/api/platform/organizations?limit=1");
      Answer next =
          operator.get("/api/platform/organizations?limit=1&cursor=" + page.text("/next_cursor"));
      assertThat(next.text("/data/0/id")).isEqualTo(id);
      assertThat(operator.get("/api/platform/organizations?state=purged").status()).isEqualTo(422);

      String path = "/api/platform/organizations/" + id;
      Answer may = operator.patch(path, "{\"platform_credentials\":true}");
      assertThat(may.body().at("/platform_credentials").asBoolean()).isTrue();
      assertThat(operator.patch(path, "{}").text("/error/param"))
          .isEqualTo("/platform_credentials");
      assertThat(acts(stack, id)).endsWith("organization.edit");
    }
  }
}
